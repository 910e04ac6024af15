package io.pgha.model.proxy;

import io.pgha.Problem;
import io.pgha.model.internal.rule.Problems;
import java.time.Duration;
import java.util.List;
import org.immutables.value.Value;

/**
 * Configures keepalived.
 *
 * <p>Immutable and thread-safe.
 */
@Value.Immutable
public interface KeepalivedConfig {
    /**
     * Returns how often the holder of the virtual IP announces itself.
     *
     * @return whole seconds, 1 to 40; 1 s by default, VRRP's own
     */
    @Value.Default
    default Duration advertInterval() {
        return Duration.ofSeconds(1);
    }

    /**
     * Returns how often the local HAProxy is checked.
     *
     * @return whole seconds, at most 1 h; 2 s by default
     */
    @Value.Default
    default Duration checkInterval() {
        return Duration.ofSeconds(2);
    }

    /**
     * Returns after how many failed checks the virtual IP moves.
     *
     * @return the number, 1 to 100; 2 by default
     */
    @Value.Default
    default int fall() {
        return 2;
    }

    /**
     * Returns after how many good checks a node is a candidate again.
     *
     * @return the number, 1 to 100; 2 by default
     */
    @Value.Default
    default int rise() {
        return 2;
    }

    /**
     * Returns what is wrong with these settings by themselves. {@link io.pgha.model.ClusterConfig} refuses it, and what
     * does not go together with its other parts.
     *
     * @return the problems, each with its remedy; empty where nothing is wrong
     */
    default List<Problem> problems() {
        return Problems.of(problems -> KeepalivedRules.check(this, problems));
    }

    /**
     * Returns a builder with the defaults that the attributes name.
     *
     * @return a new builder
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link KeepalivedConfig}. Confined to one thread. */
    final class Builder extends ImmutableKeepalivedConfig.Builder {
        Builder() {}
    }
}
