package io.pgha.patroni.operation;

import io.pgha.Problem;
import io.pgha.model.InvalidConfigException;
import io.pgha.run.WhenClosed;
import java.time.Duration;
import java.util.List;
import org.immutables.value.Value;

/**
 * Says how maintenance mode is turned on or off. Defaults: up to 1 minute of waiting until every member has recognized
 * it. Immutable and thread-safe.
 */
@Value.Immutable
public interface Pause extends WhenClosed.Options {

    /**
     * Returns how long to wait until every member that answers has recognized it; each does so in its next round
     * ({@code loop_wait}).
     *
     * @return the limit, 1 min by default; zero: do not wait
     */
    @Value.Default
    default Duration await() {
        return Duration.ofMinutes(1);
    }

    /**
     * Returns what becomes of it while maintenance is closed. The end of a pause is never refused.
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
        if (await().isNegative()) {
            throw new InvalidConfigException(List.of(Problem.of(
                    "patroni.pause", "Members cannot be waited for " + await(), "Give a positive duration, or zero.")));
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

    /** Builds a {@link Pause}. Confined to one thread. */
    final class Builder extends ImmutablePause.Builder implements WhenClosed.Choice<Builder> {
        Builder() {}
    }
}
