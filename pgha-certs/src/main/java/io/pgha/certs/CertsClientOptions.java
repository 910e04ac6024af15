package io.pgha.certs;

import io.pgha.Problem;
import io.pgha.model.InvalidConfigException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.immutables.value.Value;

/** Says how a {@link CertsClient} reaches the daemons. Immutable and thread-safe. */
@Value.Immutable
public interface CertsClientOptions {

    /**
     * Returns where to connect for a daemon's address, for example itself where the hosts are reached directly
     * ({@code UnaryOperator.identity()}).
     *
     * @return the way; by default through a tunnel of the cluster's transport
     */
    Optional<UnaryOperator<InetSocketAddress>> route();

    /**
     * Returns how long a TLS handshake may take.
     *
     * @return the limit, 5 s by default
     */
    @Value.Default
    default Duration handshakeTimeout() {
        return Duration.ofSeconds(5);
    }

    /**
     * Returns how long a daemon may take to obey a reload before a rotation refuses to go on: Patroni obeys when its
     * loop comes round, every ten seconds by its default, and hands the reload on to PostgreSQL.
     *
     * @return the limit, 40 s by default
     */
    @Value.Default
    default Duration reloadTimeout() {
        return Duration.ofSeconds(40);
    }

    /** Refuses a timeout that makes no sense. */
    @Value.Check
    default void check() {
        for (Duration timeout : List.of(handshakeTimeout(), reloadTimeout())) {
            if (timeout.toMillis() < 1) {
                throw new InvalidConfigException(List.of(Problem.of(
                        "certs.options", "A timeout of " + timeout + " is not positive", "Give a positive duration.")));
            }
        }
    }

    /**
     * Returns a builder with the defaults that the attributes name.
     *
     * @return a new builder
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link CertsClientOptions}. Confined to one thread. */
    final class Builder extends ImmutableCertsClientOptions.Builder {
        Builder() {}
    }
}
