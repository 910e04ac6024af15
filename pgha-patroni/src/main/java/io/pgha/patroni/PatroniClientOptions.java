package io.pgha.patroni;

import io.pgha.Given;
import io.pgha.Problem;
import io.pgha.client.ClientOptions;
import io.pgha.model.InvalidConfigException;
import io.pgha.model.maintenance.MaintenanceConfig;
import io.pgha.patroni.internal.address.Endpoint;
import io.pgha.run.MaintenanceGate;
import io.pgha.secret.Secret;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;
import org.immutables.value.Value;

/**
 * Says where a cluster's REST APIs are, whom to trust, and how long to wait.
 *
 * <p>Besides the defaults of all {@link ClientOptions}: 8008, Patroni's own port, where an endpoint has none, and 250
 * ms before the next member is asked as well. User and password are sent with the commands that change something, never
 * with reads; the certificate is shown to members that ask for one (Patroni's {@code verify_client}). Environment and
 * system proxies are never used. Immutable and thread-safe; {@code toString} hides the password and the key.
 */
@Value.Immutable
public interface PatroniClientOptions extends ClientOptions {

    /**
     * Returns how long to wait for a member before the next one is asked as well.
     *
     * @return the delay, 250 ms by default
     */
    @Value.Default
    default Duration stagger() {
        return Duration.ofMillis(250);
    }

    /** Reports everything that is wrong with these options. */
    @Value.Check
    default void check() {
        List<Problem> problems = Endpoint.RULES.problems(this);
        if (username().filter(name -> name.contains(":")).isPresent()) {
            problems.add(Endpoint.RULES.problem(
                    "A user name for basic authentication has no colon", "Use a name without one."));
        }
        Endpoint.RULES.positive(stagger(), problems);
        InvalidConfigException.throwIfAny(problems);
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
            return endpoint(Endpoint.RULES.parse(endpoint));
        }

        /**
         * Sets when operations that interrupt the service are refused.
         *
         * @param maintenance completes its builder, for example {@code m -> m.zone("Asia/Tokyo").closed("09:00",
         *     "15:00")}
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
