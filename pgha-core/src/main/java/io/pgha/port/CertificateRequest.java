package io.pgha.port;

import java.util.List;
import java.util.Optional;
import org.immutables.value.Value;

/** Says for whom a certificate is. Immutable and thread-safe. */
@Value.Immutable
public interface CertificateRequest {

    /**
     * Returns the subject's common name. Daemons may take it for the name of a user: etcd does, where it asks who is
     * there.
     *
     * @return the name, for example {@code postgres-01}; by default none, and the certificate is for its names and
     *     addresses alone
     */
    Optional<String> commonName();

    /**
     * Returns what it is used for, as told in status reports, for example {@code etcd}.
     *
     * @return the usage
     */
    String usage();

    /**
     * Returns the DNS names it is valid for.
     *
     * @return subject alternative names
     */
    List<String> names();

    /**
     * Returns the IP addresses it is valid for.
     *
     * @return subject alternative names
     */
    List<String> addresses();

    /**
     * Returns a builder.
     *
     * @return a new builder
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link CertificateRequest}. Confined to one thread. */
    final class Builder extends ImmutableCertificateRequest.Builder {
        Builder() {}
    }
}
