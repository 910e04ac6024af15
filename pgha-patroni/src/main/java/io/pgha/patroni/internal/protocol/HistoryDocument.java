package io.pgha.patroni.internal.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgha.patroni.internal.text.BadAnswerException;
import io.pgha.patroni.internal.text.Json;
import io.pgha.patroni.view.ClusterHistory;
import io.pgha.patroni.view.HistoryEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the answer to {@code GET /history}. Stateless. */
public final class HistoryDocument {
    private HistoryDocument() {}

    public static ClusterHistory read(String body) throws BadAnswerException {
        JsonNode list = Json.parse(body);
        if (!list.isArray()) {
            throw new BadAnswerException("it is no list");
        }
        List<HistoryEntry> entries = new ArrayList<>();
        for (JsonNode row : list) {
            JsonNode lsn = row.path(1);
            if (!row.isArray() || !row.path(0).canConvertToInt() || !lsn.canConvertToLong()) {
                throw new BadAnswerException("a row has no timeline or no position");
            }
            String time = row.path(3).asText();
            entries.add(new HistoryEntry(
                    row.path(0).intValue(),
                    lsn.longValue(),
                    row.path(2).asText(),
                    Json.time(time),
                    time,
                    Optional.of(row.path(4).asText()).filter(text -> !text.isEmpty())));
        }
        return new ClusterHistory(entries);
    }
}
