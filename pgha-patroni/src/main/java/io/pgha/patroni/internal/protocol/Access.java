package io.pgha.patroni.internal.protocol;

import io.pgha.net.Deadline;
import io.pgha.patroni.PatroniException;
import io.pgha.patroni.internal.rest.Rest;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberView;
import io.pgha.run.MaintenanceGate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What every operation works with. Thread-safe. */
public record Access(Rest rest, ClusterReader reader, Timing timing, MaintenanceGate.Pass pass) {

    /** Returns the same for an operation that was let through. */
    public Access with(MaintenanceGate.Pass other) {
        return new Access(rest, reader, timing, other);
    }

    /** Returns what a member says of itself at this moment, where it says something. */
    public Optional<StatusDocument> status(MemberView member) throws InterruptedException {
        return Optional.ofNullable(reader.probe(List.of(member)).get(member.name()))
                .flatMap(MemberAnswer::status);
    }

    /** Looks at the cluster in the course of an operation: a look that fails is no reason to give up. */
    public Optional<ClusterView> look(Deadline deadline) throws InterruptedException {
        try {
            return Optional.of(reader.view(deadline));
        } catch (PatroniException e) {
            rest.checkOpen();
            return Optional.empty();
        }
    }

    /** Waits a moment before the next look. */
    public void pause() throws InterruptedException {
        rest.pause(timing.poll());
    }

    /**
     * Returns how long a request whose answer was lost may still take effect: Patroni retries etcd, the node acts on it
     * in its next round, and a synchronous standby first waits up to two rounds to be released.
     */
    public Duration settling(ClusterSettings settings) {
        return settings.loopWait().plus(settings.retryTimeout()).multipliedBy(2).plus(timing.margin());
    }
}
