package io.pgha.patroni.config;

import java.util.Optional;

/**
 * A replication slot that Patroni keeps through failovers. Immutable.
 *
 * @param type {@code physical} or {@code logical}
 * @param database the database of a logical slot
 * @param plugin the output plugin of a logical slot, for example {@code pgoutput}
 */
public record PermanentSlot(String type, Optional<String> database, Optional<String> plugin) {}
