package io.pgha.certs;

import io.pgha.model.pki.KeyAlgorithm;
import io.pgha.model.pki.PkiConfig;
import java.time.Duration;
import org.immutables.value.Value;

/** Describes a certificate authority that is to be made. Immutable and thread-safe. */
@Value.Immutable
public interface AuthorityOptions {

    /**
     * Returns the name of the cluster; the authority's common name is {@code pgha CLUSTER CA}.
     *
     * @return the name; it has no default
     */
    String cluster();

    /**
     * Returns the kind of the authority's key.
     *
     * @return the algorithm; {@link PkiConfig}'s default, EC P-256
     */
    @Value.Default
    default KeyAlgorithm keyAlgorithm() {
        return PkiConfig.builder().build().keyAlgorithm();
    }

    /**
     * Returns how long the authority is valid.
     *
     * @return the period, at least one second; {@link PkiConfig}'s default, 3650 days
     */
    @Value.Default
    default Duration validity() {
        return PkiConfig.builder().build().authorityValidity();
    }

    /**
     * Returns a builder with the defaults that the attributes name.
     *
     * @return a new builder
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link AuthorityOptions}. Confined to one thread. */
    final class Builder extends ImmutableAuthorityOptions.Builder {
        Builder() {}
    }
}
