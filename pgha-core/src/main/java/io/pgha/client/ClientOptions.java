package io.pgha.client;

import io.pgha.port.CertificateBundle;
import io.pgha.run.MaintenanceGate;
import io.pgha.secret.Secret;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.immutables.value.Value;

/**
 * What the options of a client of several like servers say, whichever servers they are: where they are, whom to trust,
 * and how long to wait.
 *
 * <p>Defaults: the certificate authorities of the Java runtime, no credentials, 3 s to connect, 10 s for a whole
 * request, direct connections. Implementations are immutable and thread-safe; their {@code toString} hides the password
 * and the key.
 */
public interface ClientOptions {
    /** The route that is none: members are connected to at their own addresses. */
    UnaryOperator<InetSocketAddress> DIRECT = UnaryOperator.identity();

    /**
     * Returns where to start; a client that can learn of other members does so from the first that answers.
     *
     * @return {@code http} or {@code https} addresses, at least one
     */
    List<URI> endpoints();

    /**
     * Returns the certificates of the authorities that the members' certificates must come from.
     *
     * @return one or more certificates, PEM; by default those of the Java runtime
     */
    Optional<String> trust();

    /**
     * Returns the certificate to show to members that ask for one.
     *
     * @return certificate and key; by default none
     */
    @Value.Redacted
    Optional<CertificateBundle> clientCertificate();

    /**
     * Returns who to log in as, where a request needs it.
     *
     * @return the name; by default none
     */
    Optional<String> username();

    /**
     * Returns the password of {@link #username()}.
     *
     * @return the password; by default none
     */
    @Value.Redacted
    Optional<Secret> password();

    /**
     * Returns how long to wait for a TCP connection to one member.
     *
     * @return the limit, 3 s by default
     */
    @Value.Default
    default Duration connectTimeout() {
        return Duration.ofSeconds(3);
    }

    /**
     * Returns how long one request may take, from name resolution to the last byte of the answer, whichever members are
     * asked.
     *
     * @return the limit, 10 s by default: as long as Patroni itself retries etcd by default, and more than an election
     *     takes
     */
    @Value.Default
    default Duration requestTimeout() {
        return Duration.ofSeconds(10);
    }

    /**
     * Returns where to connect for a member's address, for example to the local end of a tunnel.
     *
     * <p>It may block, and gets the member's unresolved address. A certificate is still checked against the member's
     * own address. An exception counts as an unreachable member.
     *
     * @return the function; {@link #DIRECT} by default
     */
    @Value.Default
    @Value.Auxiliary
    default UnaryOperator<InetSocketAddress> route() {
        return DIRECT;
    }

    /**
     * Returns what refuses operations that interrupt the service while maintenance is closed.
     *
     * @return the gate; by default never closed
     */
    @Value.Default
    @Value.Auxiliary
    default MaintenanceGate maintenance() {
        return MaintenanceGate.open();
    }
}
