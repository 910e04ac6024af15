package io.pgha.patroni.internal.operation;

import io.pgha.PgHaException;
import io.pgha.Problem;
import io.pgha.net.Deadline;
import io.pgha.patroni.OutcomeUnknownException;
import io.pgha.patroni.PatroniException;
import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.protocol.Timing;
import io.pgha.patroni.internal.rest.Rest;
import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.operation.Remove;
import io.pgha.patroni.operation.RemoveResult;
import io.pgha.port.DistributedConfigStore;
import io.pgha.port.DistributedConfigStore.Contents;
import io.pgha.run.MaintenanceGate;
import io.pgha.run.WhenClosed;
import java.util.Optional;

/** Has the DCS forget a cluster, unless Patroni writes there meanwhile. Confined to one call. */
public final class RemoveOperation {
    /** A running Patroni writes once in a round: who loses this often is told. */
    private static final int ATTEMPTS = 10;

    private static final String TITLE = "The removal of a running cluster";

    private final Rest rest;
    private final Timing timing;
    private final DistributedConfigStore store;
    private final Interruptions interruptions;
    private final Remove wanted;

    public RemoveOperation(
            Access access, Optional<DistributedConfigStore> store, Interruptions interruptions, Remove wanted) {
        this.rest = access.rest();
        this.timing = access.timing();
        this.store = store.orElseThrow(RemoveOperation::noStore);
        this.interruptions = interruptions;
        this.wanted = wanted;
    }

    public RemoveResult run() throws InterruptedException {
        MaintenanceGate.Pass pass = interruptions.pass(TITLE, wanted.whenClosed());
        if (wanted.whenClosed() instanceof WhenClosed.Await && runs(permitted())) {
            interruptions.awaitOpening(TITLE);
        }
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Contents there = permitted();
            if (runs(there)) {
                pass.check(TITLE);
            }
            if (there.keys() == 0 || removed(there)) {
                return new RemoveResult(there.scope(), there.keys(), there.members(), pass.overridden());
            }
            rest.pause(timing.poll());
        }
        throw refused(
                "it was written to " + ATTEMPTS + " times in a row while it should have been removed",
                "Stop Patroni on every member (systemctl stop patroni), then try again.");
    }

    private static boolean runs(Contents there) {
        return there.leader().isPresent() || !there.members().isEmpty();
    }

    private Contents permitted() throws InterruptedException {
        Contents there = store.contents();
        Deadline leases = Deadline.in(wanted.await());
        while (there.leader().isEmpty() && !there.members().isEmpty() && !leases.passed()) {
            rest.pause(timing.poll());
            there = store.contents();
        }
        if (wanted.cluster().filter(there.scope()::equals).isEmpty()) {
            throw refused(
                    "Cluster names specified do not match: this client's is " + there.scope(),
                    "Name the cluster of this client, or open the client of the cluster to remove.");
        }
        if (there.leader().isEmpty() && !there.members().isEmpty()) {
            throw refused(
                    "nobody leads, but Patroni runs on " + String.join(", ", there.members())
                            + ", or has stopped less than ttl ago",
                    "Stop it there (systemctl stop patroni), and give the keys the time to go: await(…).");
        }
        if (there.leader().isPresent() && !there.leader().equals(wanted.leader())) {
            throw refused(
                    wanted.leader().isPresent()
                            ? "You did not specify the current leader of the cluster"
                            : "the cluster runs: " + there.leader().get() + " leads",
                    "Stop Patroni on every member (systemctl stop patroni), the leader last. To remove the keys of a running"
                            + " cluster nevertheless, name its leader: leader(…).");
        }
        return there;
    }

    private boolean removed(Contents there) throws InterruptedException {
        try {
            return store.remove(there);
        } catch (PgHaException e) {
            if (!e.code().equals(DistributedConfigStore.OUTCOME_UNKNOWN)) {
                throw e;
            }
            throw new OutcomeUnknownException(
                    Problem.of(
                            PatroniException.OUTCOME_UNKNOWN,
                            Text.printable("Whether " + there.scope() + " was removed is unknown: "
                                    + e.problem().message()),
                            "Once the DCS answers, remove it again: where it is gone, that says so."),
                    e);
        }
    }

    private static PatroniException refused(String why, String remedy) {
        return new PatroniException(
                Problem.of(
                        PatroniException.REMOVE_REFUSED,
                        Text.printable("The cluster was not removed from the DCS: " + why),
                        remedy),
                null);
    }

    private static PatroniException noStore() {
        return new PatroniException(
                Problem.of(
                        PatroniException.NO_DCS,
                        "This client has no way to the DCS, and Patroni's REST API cannot remove a cluster",
                        "Open it with Patroni.client(cluster), of a PgHa that has the etcd component installed."),
                null);
    }
}
