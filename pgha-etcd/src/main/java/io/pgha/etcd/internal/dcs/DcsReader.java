package io.pgha.etcd.internal.dcs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeResponse;
import io.pgha.etcd.DcsView;
import io.pgha.port.DistributedConfigStore.Versioned;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Reads Patroni's keys as Patroni does: what is no JSON of the expected shape is absent. Stateless; no I/O. */
final class DcsReader {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MEMBERS = "members/";

    private DcsReader() {}

    static DcsView read(RangeResponse response, String prefix) {
        Map<String, String> raw = new TreeMap<>();
        Optional<Versioned> config = Optional.empty();
        for (KeyValue each : response.getKvsList()) {
            String key = each.getKey().toStringUtf8().substring(prefix.length());
            raw.put(key, each.getValue().toStringUtf8());
            if (key.equals("config")) {
                config = Optional.of(new Versioned(each.getValue().toStringUtf8(), each.getModRevision()));
            }
        }
        List<DcsView.Member> members = raw.keySet().stream()
                .filter(key -> key.startsWith(MEMBERS) && key.indexOf('/', MEMBERS.length()) < 0)
                .map(key -> member(key.substring(MEMBERS.length()), json(raw, key)))
                .toList();
        return new DcsView(
                response.getHeader().getRevision(),
                Optional.ofNullable(raw.get("initialize")),
                Optional.ofNullable(raw.get("leader")).filter(name -> !name.isEmpty()),
                members,
                config,
                failover(json(raw, "failover")),
                history(json(raw, "history")),
                sync(json(raw, "sync")),
                status(raw),
                texts(json(raw, "failsafe")),
                Map.copyOf(raw));
    }

    private static JsonNode json(Map<String, String> raw, String key) {
        try {
            JsonNode node = JSON.readTree(raw.getOrDefault(key, ""));
            return node == null ? JSON.missingNode() : node;
        } catch (JsonProcessingException garbage) {
            return JSON.missingNode();
        }
    }

    private static DcsView.Member member(String name, JsonNode json) {
        return new DcsView.Member(
                name,
                text(json, "role"),
                text(json, "state"),
                text(json, "version"),
                text(json, "api_url").flatMap(DcsReader::uri),
                text(json, "conn_url").flatMap(DcsReader::uri),
                number(json, "timeline"),
                number(json, "xlog_location"),
                texts(json.path("tags")),
                json.path("pending_restart").asBoolean(false));
    }

    private static Optional<DcsView.Failover> failover(JsonNode json) {
        Optional<String> leader = text(json, "leader");
        Optional<String> member = text(json, "member");
        return leader.isEmpty() && member.isEmpty()
                ? Optional.empty()
                : Optional.of(new DcsView.Failover(leader, member, text(json, "scheduled_at")));
    }

    private static List<DcsView.Timeline> history(JsonNode json) {
        List<DcsView.Timeline> rows = new ArrayList<>();
        for (JsonNode row : json) {
            if (row.isArray() && row.size() >= 3) {
                rows.add(new DcsView.Timeline(
                        row.get(0).asLong(),
                        row.get(1).asLong(),
                        row.get(2).asText(),
                        Optional.ofNullable(row.get(3)).map(JsonNode::asText),
                        Optional.ofNullable(row.get(4)).map(JsonNode::asText)));
            }
        }
        return List.copyOf(rows);
    }

    private static Optional<DcsView.Sync> sync(JsonNode json) {
        return text(json, "leader")
                .map(leader -> new DcsView.Sync(
                        leader,
                        text(json, "sync_standby")
                                .map(names -> List.of(names.split(",")))
                                .orElse(List.of()),
                        json.path("quorum").asLong(0)));
    }

    /** Before Patroni 2.1 the position stood alone under another key, which is still read where status is missing. */
    private static Optional<DcsView.Status> status(Map<String, String> raw) {
        JsonNode json = json(raw, raw.containsKey("status") ? "status" : "optime/leader");
        if (json.isIntegralNumber()) {
            return Optional.of(new DcsView.Status(OptionalLong.of(json.asLong()), Map.of()));
        }
        if (!json.isObject()) {
            return Optional.empty();
        }
        Map<String, Long> slots = new LinkedHashMap<>();
        json.path("slots")
                .properties()
                .forEach(slot -> slots.put(slot.getKey(), slot.getValue().asLong()));
        return Optional.of(new DcsView.Status(number(json, "optime"), Map.copyOf(slots)));
    }

    private static Optional<String> text(JsonNode json, String field) {
        return Optional.of(json.path(field))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .filter(text -> !text.isEmpty());
    }

    private static OptionalLong number(JsonNode json, String field) {
        JsonNode value = json.path(field);
        return value.isIntegralNumber() ? OptionalLong.of(value.longValue()) : OptionalLong.empty();
    }

    private static Map<String, String> texts(JsonNode json) {
        Map<String, String> texts = new TreeMap<>();
        json.properties()
                .forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
        return Map.copyOf(texts);
    }

    private static Optional<URI> uri(String text) {
        try {
            return Optional.of(URI.create(text));
        } catch (IllegalArgumentException garbage) {
            return Optional.empty();
        }
    }
}
