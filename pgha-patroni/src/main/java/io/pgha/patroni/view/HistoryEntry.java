package io.pgha.patroni.view;

import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * One change of the timeline, that is, one promotion. Immutable.
 *
 * @param timeline the timeline that ended
 * @param lsn where it ended, in bytes
 * @param reason why, in PostgreSQL's words, for example {@code no recovery target specified}
 * @param timestamp when, where Patroni saw it happen
 * @param timestampText the same in Patroni's own text; empty where it did not see it
 * @param newLeader the member that led from then on, where Patroni saw it happen
 */
public record HistoryEntry(
        int timeline,
        long lsn,
        String reason,
        Optional<OffsetDateTime> timestamp,
        String timestampText,
        Optional<String> newLeader) {}
