package io.pgha.certs;

import io.pgha.Problem;
import io.pgha.certs.internal.crypto.Certificates;
import io.pgha.model.InvalidConfigException;
import io.pgha.port.CertificateBundle;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.immutables.value.Value;

/**
 * What a {@link CaStore} keeps for a cluster: its authority, the generation of its leaves, and another authority while
 * one is being replaced. Immutable and thread-safe; {@code toString} hides the keys.
 *
 * <p>Certificates are PEM, the authority's own first; keys are PKCS#8, not encrypted: encrypting them at rest is the
 * store's task.
 */
@Value.Immutable
public interface KeptAuthority {

    /**
     * Returns the authority that issues now.
     *
     * @return its certificates, its own first, and its key
     */
    CertificateBundle authority();

    /**
     * Returns the generation of the certificates that are issued now; nodes replace those of an earlier one.
     *
     * @return the number, from 1 on; 1 by default
     */
    @Value.Default
    default int generation() {
        return 1;
    }

    /**
     * Returns how far the replacement of the authority has come.
     *
     * @return the step; {@link CaRotation#SETTLED} by default
     */
    @Value.Default
    default CaRotation rotation() {
        return CaRotation.SETTLED;
    }

    /**
     * Returns the authority that will issue next.
     *
     * @return its certificates and its key, in the step {@link CaRotation#TRUSTING} only
     */
    Optional<CertificateBundle> successor();

    /**
     * Returns the authority that issued before. Its key is kept until every daemon has proved that it lets in nobody
     * with a certificate of it, for without the key there is no such proof.
     *
     * @return its certificates and its key, in the steps {@link CaRotation#ISSUING} and {@link CaRotation#DROPPING}
     *     only
     */
    Optional<CertificateBundle> predecessor();

    /** Refuses what no rotation passes through. */
    @Value.Check
    default void check() {
        boolean replaced = rotation() == CaRotation.ISSUING || rotation() == CaRotation.DROPPING;
        if (generation() < 1
                || successor().isPresent() != (rotation() == CaRotation.TRUSTING)
                || predecessor().isPresent() != replaced) {
            throw new InvalidConfigException(List.of(Problem.of(
                    PkiException.STORE_DAMAGED,
                    "Generation " + generation() + " in the step " + rotation() + " cannot have the authorities given",
                    "Keep exactly what was given to the store.")));
        }
    }

    /**
     * Returns the certificates that every daemon should trust in this step. The order does not change while the
     * authority is replaced, for daemons restart when it does.
     *
     * @return PEM, each certificate once
     */
    default String trustedCertificates() {
        StringBuilder all = new StringBuilder();
        predecessor()
                .filter(any -> rotation() == CaRotation.ISSUING)
                .map(CertificateBundle::certificate)
                .ifPresent(all::append);
        all.append(authority().certificate());
        successor().map(CertificateBundle::certificate).ifPresent(all::append);
        Set<String> once = new LinkedHashSet<>();
        Certificates.all(all.toString()).forEach(certificate -> once.add(Certificates.pem(certificate)));
        return String.join("", once);
    }

    /**
     * Returns what is kept for an authority at its beginning.
     *
     * @param authority its certificates and key
     * @return generation 1, settled
     */
    static KeptAuthority of(CertificateBundle authority) {
        return builder().authority(authority).build();
    }

    /**
     * Returns a builder with the defaults that the attributes name.
     *
     * @return a new builder
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link KeptAuthority}. Confined to one thread. */
    final class Builder extends ImmutableKeptAuthority.Builder {
        Builder() {}
    }
}
