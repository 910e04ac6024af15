package io.pgha.patroni.view;

import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * A switchover that Patroni will do later; a cluster has at most one. Immutable.
 *
 * @param at when, or empty where Patroni's text is no time
 * @param text when, in Patroni's own text
 * @param from the leader that it was asked for; it is dropped when another member leads by then
 * @param to the member that shall lead, or empty where Patroni chooses
 */
public record ScheduledSwitchover(
        Optional<OffsetDateTime> at, String text, Optional<String> from, Optional<String> to) {}
