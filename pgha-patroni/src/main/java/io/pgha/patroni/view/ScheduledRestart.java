package io.pgha.patroni.view;

import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * A restart of one member that Patroni will do later. Immutable.
 *
 * @param at when, or empty where Patroni's text is no time
 * @param text when, in Patroni's own text
 * @param postgresVersion the version below which PostgreSQL is restarted, where that is a condition
 */
public record ScheduledRestart(Optional<OffsetDateTime> at, String text, Optional<String> postgresVersion) {}
