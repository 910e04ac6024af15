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
    }
}
