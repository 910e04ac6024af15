package io.pgha.patroni.operation;

import io.pgha.Problem;
import io.pgha.model.InvalidConfigException;
import io.pgha.run.WhenClosed;
import java.time.Duration;
import java.util.List;
import org.immutables.value.Value;

/**
 * Says how a standby cluster is made a primary one. Defaults: up to 5 minutes of waiting. Immutable and thread-safe.
 */
@Value.Immutable
public interface PromoteCluster extends WhenClosed.Options {

    /**
     * Returns how long to wait until the leader accepts writes.
     *
     * @return the limit, 5 min by default
     */
    @Value.Default
    default Duration timeout() {
        return Duration.ofMinutes(5);
    }

    /**
     * Returns what becomes of it while maintenance is closed.
     *
     * @return {@link WhenClosed#refuse()} by default
     */
    @Override
    @Value.Default
    default WhenClosed whenClosed() {
        return WhenClosed.refuse();
    }

    /** Reports what is wrong with this request. */
    @Value.Check
    default void check() {
        if (timeout().isNegative() || timeout().isZero()) {
            throw new InvalidConfigException(List.of(Problem.of(
                    "patroni.promote-cluster",
                    "A leader cannot be waited for " + timeout(),
                    "Give a positive duration.")));
        }
    }

    /**
     * Returns a builder with the defaults that the attributes name.
     *
     * @return a new builder; nothing is mandatory
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link PromoteCluster}. Confined to one thread. */
    final class Builder extends ImmutablePromoteCluster.Builder implements WhenClosed.Choice<Builder> {
        Builder() {}
    }
}
