package io.pgha.run;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.immutables.value.Value;

/** Says how a plan is applied. Immutable and thread-safe. */
@Value.Immutable
public interface RunOptions {

    /**
     * Returns who is told what happens.
     *
     * @return the listeners; none by default
     */
    List<RunListener> listeners();

    /**
     * Returns the executor that lanes run on; it needs a thread for every node at once and is never shut down.
     *
     * @return the executor; by default pgha's own daemon threads
     */
    Optional<Executor> executor();

    /**
     * Returns what becomes of a plan that interrupts the service while maintenance is closed. A plan that does not is applied at
     * any time.
     *
     * @return {@link WhenClosed#refuse()} by default
     */
    @Value.Default
    default WhenClosed whenClosed() {
        return WhenClosed.refuse();
    }

    /**
     * Returns a builder.
     *
     * @return a new builder
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link RunOptions}. Confined to one thread. */
    final class Builder extends ImmutableRunOptions.Builder {
        Builder() {}

        /**
         * Applies the plan even while maintenance is closed.
         *
         * @param reason why, one line; logged, and kept in {@link RunReport#overridden()}
         * @return this builder
         * @throws io.pgha.PgHaException when there is no reason, or one of several lines (code {@code maintenance.reason})
         */
        public Builder override(String reason) {
            return whenClosed(WhenClosed.override(reason));
        }

        /**
         * Begins when maintenance opens next, where it is closed; listeners are told by {@link RunEvent.WaitingForOpening}, and
         * the wait can be cancelled. The hosts are looked at again after it.
         *
         * @return this builder
         */
        public Builder atNextOpening() {
            return whenClosed(WhenClosed.atNextOpening());
        }
    }
}
