package io.pgha.patroni;

import io.pgha.Given;
import io.pgha.Problem;
import io.pgha.model.InvalidConfigException;
import io.pgha.model.maintenance.MaintenanceConfig;
import io.pgha.patroni.internal.address.Direct;
import io.pgha.patroni.internal.address.Endpoint;
import io.pgha.patroni.internal.text.Text;
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
 * Says where a cluster's REST APIs are, whom to trust, and how long to wait.
 *
 * <p>Defaults: the certificate authorities of the Java runtime, no credentials, 3 s to connect, 10 s for a whole request,
 * direct connections. Environment and system proxies are never used. Immutable and thread-safe; {@code toString} hides
 * the password and the key.
 */
@Value.Immutable
public interface PatroniClientOptions {

    /**
     * Returns where to start; the other members are found through the first that answers.
     *
     * @return {@code http} or {@code https} addresses such as {@code https://10.0.0.1:8008}, at least one
     */
    List<URI> endpoints();

    /**
     * Returns the certificates of the authorities that the members' certificates must come from.
     *
     * @return one or more certificates, PEM; by default those of the Java runtime
     */
    Optional<String> trust();

    /**
     * Returns the certificate to show to members that ask for one (Patroni's {@code verify_client}).
     *
     * @return certificate and key; by default none
     */
    @Value.Redacted
    Optional<CertificateBundle> clientCertificate();

    /**
     * Returns the user of the commands that change something.
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
     * Returns how long one read may take, from name resolution to the last byte of the answer, whichever members are asked.
     *
     * @return the limit, 10 s by default: as long as Patroni itself retries etcd by default
     */
    @Value.Default
    default Duration requestTimeout() {
        return Duration.ofSeconds(10);
    }

    /**
     * Returns how long to wait for a member before the next one is asked as well.
     *
     * @return the delay, 250 ms by default
     */
    @Value.Default
    default Duration stagger() {
        return Duration.ofMillis(250);
    }

    /**
     * Returns where to connect for a member's address, for example to the local end of a tunnel.
     *
     * <p>It is called on a thread of the client for every request, may block, and gets the member's unresolved address. A
     * certificate is still checked against the member's own address. An exception counts as an unreachable member.
     *
     * @return the function; by default members are connected to directly
     */
    @Value.Default
    @Value.Auxiliary
    default UnaryOperator<InetSocketAddress> route() {
        return Direct.ROUTE;
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
            problems.add(problem("No endpoint is given", "Give one: .endpoint(\"https://10.0.0.1:8008\")."));
        }
        for (URI endpoint : endpoints()) {
            if (Endpoint.from(endpoint).isEmpty()) {
                problems.add(problem(
                        "\"" + Text.printable(Endpoint.withoutUserInfo(endpoint)) + "\" is not an endpoint",
                        "Write http:// or https://, a host and a port, for example https://10.0.0.1:8008; credentials belong"
                                + " into basicAuth."));
            }
        }
        if (username().isPresent() != password().isPresent()) {
            problems.add(problem("User name and password go together", "Use .basicAuth(user, password)."));
        }
        if (username().filter(name -> name.contains(":")).isPresent()) {
            problems.add(problem("A user name for basic authentication has no colon", "Use a name without one."));
        }
        for (Duration timeout : List.of(connectTimeout(), requestTimeout(), stagger())) {
            if (timeout.isNegative() || timeout.isZero()) {
                problems.add(problem("A timeout of " + timeout + " is not positive", "Give a positive duration."));
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
    }

    private static Problem problem(String message, String remedy) {
        return Problem.of("patroni.options", message, remedy);
    }

    /**
     * Returns a builder with the defaults that the attributes name.
     *
     * @return a new builder
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link PatroniClientOptions}. Confined to one thread. */
    final class Builder extends ImmutablePatroniClientOptions.Builder {
        Builder() {}

        /**
         * Adds an address to start at.
         *
         * @param endpoint for example {@code https://10.0.0.1:8008}; 8008, Patroni's own, where there is no port
         * @return this builder
         * @throws InvalidConfigException when the text is no URI
         */
        public Builder endpoint(String endpoint) {
            Given.value(endpoint, "endpoint");
            return endpoint(Endpoint.parse(endpoint));
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
         * Sets user and password of the commands that change something; reads never send them.
         *
         * @param username the name, Patroni's {@code restapi.authentication.username}
         * @param password the password
         * @return this builder
         */
        public Builder basicAuth(String username, Secret password) {
            return username(username).password(password);
        }
    }
}
