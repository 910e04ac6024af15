package io.pgha.patroni.internal.operation;

import io.pgha.Problem;
import io.pgha.net.Deadline;
import io.pgha.patroni.PatroniException;
import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.protocol.Versions;
import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.internal.version.Feature;
import io.pgha.patroni.operation.DemoteCluster;
import io.pgha.patroni.operation.PromoteCluster;
import io.pgha.patroni.operation.StandbyClusterResult;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberRole;
import io.pgha.patroni.view.MemberView;
import io.pgha.text.DurationText;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Makes a primary cluster follow another one, or a standby cluster a primary one. */
public final class StandbyClusterOperation {
    private final Access access;
    private final MemberRole target;
    private final Duration timeout;

    private StandbyClusterOperation(Access access, MemberRole target, Duration timeout) {
        this.access = access;
        this.target = target;
        this.timeout = timeout;
    }

    public static StandbyClusterResult demote(Access access, DemoteCluster wanted) throws InterruptedException {
        Map<String, Object> standby = new LinkedHashMap<>();
        wanted.host().ifPresent(host -> standby.put("host", host));
        wanted.port().ifPresent(port -> standby.put("port", port));
        wanted.restoreCommand().ifPresent(command -> standby.put("restore_command", command));
        wanted.primarySlotName().ifPresent(slot -> standby.put("primary_slot_name", slot));
        StandbyClusterOperation operation =
                new StandbyClusterOperation(access, MemberRole.STANDBY_LEADER, wanted.timeout());
        ClusterView view = access.reader().view();
        Versions.require(
                access, view.members(), Feature.CLUSTER_DEMOTION, "Demoting a cluster without harm to its old primary");
        return operation.run(view, standby);
    }

    public static StandbyClusterResult promote(Access access, PromoteCluster wanted) throws InterruptedException {
        Map<String, Object> none = Map.of();
        return new StandbyClusterOperation(access, MemberRole.LEADER, wanted.timeout())
                .run(access.reader().view(), none);
    }

    private StandbyClusterResult run(ClusterView before, Map<String, Object> standby) throws InterruptedException {
        MemberView leader = before.leader()
                .orElseThrow(() -> new PatroniException(
                        Problem.of(
                                PatroniException.NO_LEADER,
                                "Without a leader a cluster can be neither demoted nor promoted",
                                "wait until a member leads, or see why none does: patronictl list."),
                        null));
        if (leader.role() == target) {
            String note = "The cluster is in the required state already; nothing was done.";
            return new StandbyClusterResult(false, leader.name(), Duration.ZERO, note, before, Optional.empty());
        }
        Deadline deadline = Deadline.in(timeout);
        boolean demote = target == MemberRole.STANDBY_LEADER;
        Map<String, Object> patch = new HashMap<>();
        patch.put("standby_cluster", demote ? standby : null); // null removes the key
        Optional<String> note = new SettingPatch(
                        access, patch, () -> access.reader().settings().standbyCluster() == demote)
                .apply(
                        demote ? "the demotion" : "the promotion",
                        access.reader().settings());
        return watch(leader.name(), deadline, note.orElse(""));
    }

    private StandbyClusterResult watch(String former, Deadline deadline, String note) throws InterruptedException {
        while (true) {
            Optional<ClusterView> view = access.look(access.rest().oneRequest());
            Optional<MemberView> leader = view.flatMap(ClusterView::leader);
            if (view.isPresent() && leader.isPresent() && arrived(leader.get()) && back(view.get(), former)) {
                return new StandbyClusterResult(
                        true,
                        leader.get().name(),
                        deadline.elapsed(),
                        Text.printable(note),
                        view.get(),
                        Optional.empty());
            }
            if (deadline.passed()) {
                throw Results.unknown("The configuration was changed, and after " + DurationText.of(deadline.limit())
                        + " the cluster is not there yet: "
                        + leader.map(MemberView::toString).orElse("no leader is seen"));
            }
            access.pause();
        }
    }

    /**
     * What the DCS calls the leader follows the configuration at once; whether it accepts writes only the leader knows.
     */
    private boolean arrived(MemberView leader) throws InterruptedException {
        return leader.role() == target
                && leader.running()
                && access.status(leader)
                        .filter(status -> status.primary() == (target == MemberRole.LEADER))
                        .isPresent();
    }

    /** Whoever led before must be up again: a demotion stops it. */
    private static boolean back(ClusterView view, String former) {
        return view.member(former).map(MemberView::running).orElse(true);
    }
}
