package io.pgha.model.pki;

import io.pgha.Problem;
import io.pgha.model.internal.rule.Problems;
import java.time.Duration;
import java.util.List;
import org.immutables.value.Value;

/**
 * Configures the certificates of a cluster.
 *
 * <p>Immutable and thread-safe.
 */
@Value.Immutable
public interface PkiConfig {
    /**
     * Returns the kind of key of authority and leaves.
     *
     * @return the algorithm; EC P-256 by default
     */
    @Value.Default
    default KeyAlgorithm keyAlgorithm() {
        return KeyAlgorithm.EC_P256;
    }

    /**
     * Returns how long a new certificate authority is valid.
     *
     * @return whole seconds, at most 36500 days; 3650 days by default
     */
    @Value.Default
    default Duration authorityValidity() {
        return Duration.ofDays(3650);
    }

    /**
     * Returns how long a node's certificate is valid.
     *
     * @return whole seconds, at most {@link #authorityValidity()}; 365 days by default
     */
    @Value.Default
    default Duration leafValidity() {
        return Duration.ofDays(365);
    }

    /**
     * Returns how long before its end a node's certificate is renewed by the next plan.
     *
     * @return whole seconds, less than {@link #leafValidity()}; 60 days by default
     */
    @Value.Default
    default Duration renewBefore() {
        return Duration.ofDays(60);
    }

    /**
     * Returns what is wrong with these settings by themselves. {@link io.pgha.model.ClusterConfig} refuses it, and what
     * does not go together with its other parts.
     *
     * @return the problems, each with its remedy; empty where nothing is wrong
     */
    default List<Problem> problems() {
        return Problems.of(problems -> PkiRules.check(this, problems));
    }

    /**
     * Returns a builder with the defaults that the attributes name.
     *
     * @return a new builder
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link PkiConfig}. Confined to one thread. */
    final class Builder extends ImmutablePkiConfig.Builder {
        Builder() {}
    }
}
