package io.pgha.patroni.operation;

import io.pgha.Problem;
import io.pgha.model.InvalidConfigException;
import io.pgha.run.WhenClosed;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.immutables.value.Value;

/**
 * Says how PostgreSQL is restarted on all members, one at a time.
 *
 * <p>Defaults: every member, the leader in place, a lag of at most Patroni's {@code maximum_lag_on_failover} on every
 * replica before the next member is touched, up to 10 minutes for each restart and up to 5 minutes for each replica to
 * catch up. Immutable and thread-safe.
 */
@Value.Immutable
public interface RollingRestart extends WhenClosed.Options {

    /**
     * Returns whether only members are restarted that need it.
     *
     * @return the condition, {@link RestartCondition#ALWAYS} by default
     */
    @Value.Default
    default RestartCondition condition() {
        return RestartCondition.ALWAYS;
    }

    /**
     * Returns what is done with the leader. It is restarted in place in any case where a limit such as
     * {@code max_connections} shrinks: a replica cannot have a smaller one before its leader has.
     *
     * @return the way, {@link LeaderRestart#IN_PLACE} by default
     */
    @Value.Default
    default LeaderRestart leader() {
        return LeaderRestart.IN_PLACE;
    }

    /**
     * Returns how far a replica may be behind before the next member is touched.
     *
     * @return bytes; by default the cluster's {@code maximum_lag_on_failover}
     */
    OptionalLong maximumLag();

    /**
     * Returns how long to wait for each restart.
     *
     * @return the limit, 10 min by default
     */
    @Value.Default
    default Duration limit() {
        return Duration.ofMinutes(10);
    }

    /**
     * Returns how long to wait, before and after each restart, for all members to be in order.
     *
     * @return the limit, 5 min by default
     */
    @Value.Default
    default Duration awaitReplicas() {
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
        if (limit().isNegative() || limit().isZero() || awaitReplicas().isNegative()) {
            throw new InvalidConfigException(List.of(Problem.of(
                    "patroni.restart",
                    "A rolling restart cannot wait for a negative time",
                    "Give positive durations.")));
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

    /** Builds a {@link RollingRestart}. Confined to one thread. */
    final class Builder extends ImmutableRollingRestart.Builder implements WhenClosed.Choice<Builder> {
        Builder() {}

        /**
         * Leaves members alone that need no restart.
         *
         * @return this builder
         */
        public Builder onlyPending() {
            return condition(RestartCondition.PENDING);
        }
    }
}
