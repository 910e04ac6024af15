package io.pgha.patroni.operation;

import io.pgha.Problem;
import io.pgha.model.InvalidConfigException;
import io.pgha.run.WhenClosed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * Says who shall lead, whether or not there is a leader now. Where there is one and it is healthy, {@link Switchover}
 * is the orderly way.
 *
 * <p>Defaults: no asynchronous candidate in a synchronous cluster, within 2 minutes, no waiting for replicas. The
 * member that shall lead must be named. Immutable and thread-safe.
 */
@Value.Immutable
public interface Failover extends WhenClosed.Options {

    /**
     * Returns the member that shall lead.
     *
     * @return its name; there is no default
     */
    Optional<String> to();

    /**
     * Returns whether the member may be one that commits did not wait for.
     *
     * @return {@link AsynchronousCandidate#REFUSED} by default
     */
    @Value.Default
    default AsynchronousCandidate asynchronousCandidate() {
        return AsynchronousCandidate.REFUSED;
    }

    /**
     * Returns how long to wait for the new leader; Patroni itself gives up after twice the larger of 10 s and
     * {@code loop_wait}.
     *
     * @return the limit, 2 min by default
     */
    @Value.Default
    default Duration timeout() {
        return Duration.ofMinutes(2);
    }

    /**
     * Returns what becomes of it while maintenance is closed. Where nobody leads nothing is refused: a failover brings
     * the service back.
     *
     * @return {@link WhenClosed#refuse()} by default
     */
    @Override
    @Value.Default
    default WhenClosed whenClosed() {
        return WhenClosed.refuse();
    }

    /** Reports everything that is wrong with this request. */
    @Value.Check
    default void check() {
        List<Problem> problems = new ArrayList<>();
        if (to().isEmpty()) {
            problems.add(Problem.of(
                    "patroni.failover",
                    "A failover needs the member that shall lead",
                    "Name it: .to(\"postgres-02\")."));
        }
        if (timeout().isNegative() || timeout().isZero()) {
            problems.add(Problem.of(
                    "patroni.failover", "A failover cannot be waited for " + timeout(), "Give a positive duration."));
        }
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
    }

    /**
     * Returns a builder with the defaults that the attributes name.
     *
     * @return a new builder; {@code to} is mandatory
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link Failover}. Confined to one thread. */
    final class Builder extends ImmutableFailover.Builder implements WhenClosed.Choice<Builder> {
        Builder() {}
    }
}
