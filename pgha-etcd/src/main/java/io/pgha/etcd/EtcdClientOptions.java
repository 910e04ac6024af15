package io.pgha.etcd;

import io.pgha.Given;
import io.pgha.Problem;
import io.pgha.model.InvalidConfigException;
import io.pgha.model.maintenance.MaintenanceConfig;
import io.pgha.port.CertificateBundle;
import io.pgha.run.MaintenanceGate;
import io.pgha.secret.Secret;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.immutables.value.Value;

/**
 * Says where an etcd cluster is, whom to trust, and how long to wait.
 *
 * <p>Defaults: the certificate authorities of the Java runtime, no client certificate, no user, 3 s to connect, 10 s for a whole
 * request, direct connections. Immutable and thread-safe; {@code toString} hides the password and the key.
 */
@Value.Immutable
public interface EtcdClientOptions {

    /**
     * Returns the client URLs of members.
     *
     * @return {@code http} or {@code https} addresses such as {@code https://10.0.0.1:2379}, at least one
     */
    List<URI> endpoints();

    /**
     * Returns the certificates of the authorities that the members' certificates must come from.
     *
     * @return one or more certificates, PEM; by default those of the Java runtime
     */
    Optional<String> trust();

    /**
     * Returns the certificate to show to the members.
     *
     * @return certificate and key; by default none
     */
    @Value.Redacted
    Optional<CertificateBundle> clientCertificate();

    /**
     * Returns the etcd user. The client logs in when etcd first asks who it is, not before, and again when its token is no longer
     * good: etcd forgets tokens when a member restarts, and after five minutes without use. Where etcd's authentication is disabled
     * the user is not needed and does no harm. Without a token etcd takes the common name of {@link #clientCertificate()}, where it
     * has one, for the user.
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
     * Returns how long to wait for a connection to one member.
     *
     * @return the limit, 3 s by default
     */
    @Value.Default
    default Duration connectTimeout() {
        return Duration.ofSeconds(3);
    }

    /**
     * Returns how long one request may take, whichever members are asked.
     *
     * @return the limit, 10 s by default: more than an election takes
     */
    @Value.Default
    default Duration requestTimeout() {
        return Duration.ofSeconds(10);
    }

    /**
     * Returns where to connect for a member's address, for example to the local end of a tunnel. It may block. A certificate is
     * still checked against the member's own address. An exception counts as an unreachable member.
     *
     * @return the function; by default members are connected to directly
     */
    @Value.Default
    @Value.Auxiliary
    default UnaryOperator<InetSocketAddress> route() {
        return UnaryOperator.identity();
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

    /** Reports everything that is wrong with these options. */
    @Value.Check
    default void check() {
        List<Problem> problems = new ArrayList<>();
        if (endpoints().isEmpty()) {
            problems.add(problem("No endpoint is given", "Give one: .endpoint(\"https://10.0.0.1:2379\")."));
        }
        for (URI endpoint : endpoints()) {
            boolean web = "https".equals(endpoint.getScheme()) || "http".equals(endpoint.getScheme());
            if (!web || endpoint.getHost() == null || endpoint.getPort() <= 0 || endpoint.getUserInfo() != null) {
                problems.add(problem(
                        "\"" + endpoint.getScheme() + "://" + endpoint.getHost() + ":" + endpoint.getPort()
                                + "\" is not an endpoint",
                        "Write http:// or https://, a host and a port, for example https://10.0.0.1:2379; credentials belong"
                                + " into user."));
            }
        }
        if (username().isPresent() != password().isPresent()) {
            problems.add(problem("User name and password go together", "Use .user(name, password)."));
        }
        for (Duration timeout : List.of(connectTimeout(), requestTimeout())) {
            if (timeout.isNegative() || timeout.isZero()) {
                problems.add(problem("A timeout of " + timeout + " is not positive", "Give a positive duration."));
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
    }

    private static Problem problem(String message, String remedy) {
        return Problem.of("etcd.options", message, remedy);
    }

    /**
     * Returns a builder with the defaults that the attributes name.
     *
     * @return a new builder
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link EtcdClientOptions}. Confined to one thread. */
    final class Builder extends ImmutableEtcdClientOptions.Builder {
        Builder() {}

        /**
         * Adds a member's client URL.
         *
         * @param endpoint for example {@code https://10.0.0.1:2379}
         * @return this builder
         */
        public Builder endpoint(String endpoint) {
            Given.value(endpoint, "endpoint");
            return endpoint(URI.create(endpoint));
        }

        /**
         * Sets when operations that interrupt the service are refused.
         *
         * @param maintenance completes its builder, for example {@code m -> m.zone("Asia/Tokyo").closed("09:00", "15:00")}
         * @return this builder
         * @throws InvalidConfigException when the closed times are not valid, with all problems
         */
        public Builder maintenance(UnaryOperator<MaintenanceConfig.Builder> maintenance) {
            return maintenance(MaintenanceGate.of(
                    Given.completed(MaintenanceConfig.builder(), maintenance, "maintenance")
                            .build(),
                    InstantSource.system()));
        }

        /**
         * Sets user and password.
         *
         * @param username the etcd user
         * @param password the password
         * @return this builder
         */
        public Builder user(String username, Secret password) {
            return username(username).password(password);
        }
    }
}
