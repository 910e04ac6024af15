package io.pgha.etcd;

import io.pgha.Given;
import io.pgha.client.ClientOptions;
import io.pgha.client.OptionRules;
import io.pgha.model.InvalidConfigException;
import io.pgha.model.maintenance.MaintenanceConfig;
import io.pgha.run.MaintenanceGate;
import io.pgha.secret.Secret;
import java.time.InstantSource;
import java.util.function.UnaryOperator;
import org.immutables.value.Value;

/**
 * Says where an etcd cluster is, whom to trust, and how long to wait, with the defaults of all {@link ClientOptions}.
 *
 * <p>An endpoint is a member's client URL, with its port. The client logs in with user and password when etcd first
 * asks who it is, not before, and again when its token is no longer good: etcd forgets tokens when a member restarts,
 * and after five minutes without use. Where etcd's authentication is disabled the user is not needed and does no harm.
 * Without a token etcd takes the common name of {@link #clientCertificate()}, where it has one, for the user. Immutable
 * and thread-safe; {@code toString} hides the password and the key.
 */
@Value.Immutable
public interface EtcdClientOptions extends ClientOptions {

    /** Reports everything that is wrong with these options. */
    @Value.Check
    default void check() {
        InvalidConfigException.throwIfAny(rules().problems(this));
    }

    private static OptionRules rules() {
        return new OptionRules("etcd.options", 0, "https://10.0.0.1:2379", "user(name, password)");
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
         * @throws InvalidConfigException when the text is no URI
         */
        public Builder endpoint(String endpoint) {
            return endpoint(rules().parse(endpoint));
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
