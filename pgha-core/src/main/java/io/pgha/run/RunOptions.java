package io.pgha.run;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.immutables.value.Value;

/** Says how a plan is applied. Immutable and thread-safe. */
@Value.Immutable
public interface RunOptions extends WhenClosed.Options {

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
     * Returns what becomes of a plan that interrupts the service while maintenance is closed; a plan that does not is
     * applied at any time. One that waits for the opening tells its listeners ({@link RunEvent.WaitingForOpening}), can
     * be cancelled, and looks at the hosts again after the wait.
     *
     * @return {@link WhenClosed#refuse()} by default; an override's reason is kept in {@link RunReport#overridden()}
     */
    @Override
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
    final class Builder extends ImmutableRunOptions.Builder implements WhenClosed.Choice<Builder> {
        Builder() {}
    }
}
