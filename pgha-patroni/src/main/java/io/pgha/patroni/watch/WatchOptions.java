package io.pgha.patroni.watch;

import io.pgha.Problem;
import io.pgha.model.InvalidConfigException;
import java.time.Duration;
import java.util.List;
import org.immutables.value.Value;

/**
 * Says how a cluster is watched.
 *
 * <p>Defaults: a look every 2 s, and at once when etcd tells of a change, where the client was opened for a cluster
 * with the etcd component; and a lag of more than 16 MiB, one segment of the write-ahead log, is worth an event.
 * Immutable and thread-safe.
 */
@Value.Immutable
public interface WatchOptions {

    /**
     * Returns the pause between two looks. Where etcd tells of changes, what it cannot tell is still looked for.
     *
     * @return the pause, 2 s by default, as {@code patronictl list -W}
     */
    @Value.Default
    default Duration interval() {
        return Duration.ofSeconds(2);
    }

    /**
     * Returns the lag beyond which a replica counts as behind.
     *
     * @return bytes, 16 MiB by default
     */
    @Value.Default
    default long lagThresholdBytes() {
        return 16L * 1024 * 1024;
    }

    /** Reports everything that is wrong with these options. */
    @Value.Check
    default void check() {
        if (interval().isNegative() || interval().isZero() || lagThresholdBytes() < 0) {
            throw new InvalidConfigException(List.of(
                    Problem.of("patroni.watch", "A watch needs a pause and a threshold", "Give positive ones.")));
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

    /** Builds {@link WatchOptions}. Confined to one thread. */
    final class Builder extends ImmutableWatchOptions.Builder {
        Builder() {}
    }
}
