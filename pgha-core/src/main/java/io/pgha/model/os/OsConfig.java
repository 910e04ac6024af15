package io.pgha.model.os;

import io.pgha.Problem;
import io.pgha.model.internal.rule.Problems;
import java.util.List;
import java.util.Map;
import org.immutables.value.Value;

/**
 * Configures what every host has, whatever its role.
 *
 * <p>Immutable and thread-safe.
 */
@Value.Immutable
public interface OsConfig {
    /**
     * Returns who keeps the clocks right.
     *
     * @return the service; {@link TimeSync#CHRONY} by default
     */
    @Value.Default
    default TimeSync timeSync() {
        return TimeSync.CHRONY;
    }

    /**
     * Returns kernel settings besides pgha's own.
     *
     * @return one line of text by name, for example {@code 1} for {@code vm.swappiness}; several numbers have blanks or
     *     tabs between them, as sysctl prints them; empty by default
     */
    Map<String, String> sysctls();

    /**
     * Returns Debian packages besides pgha's own.
     *
     * @return package names, of which none ends in {@code -}; empty by default
     */
    List<String> packages();

    /**
     * Returns what is wrong with these settings by themselves. {@link io.pgha.model.ClusterConfig} refuses it, and what
     * does not go together with its other parts.
     *
     * @return the problems, each with its remedy; empty where nothing is wrong
     */
    default List<Problem> problems() {
        return Problems.of(problems -> OsRules.check(this, problems));
    }

    /**
     * Returns a builder with the defaults that the attributes name.
     *
     * @return a new builder
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link OsConfig}. Confined to one thread. */
    final class Builder extends ImmutableOsConfig.Builder {
        Builder() {}
    }
}
