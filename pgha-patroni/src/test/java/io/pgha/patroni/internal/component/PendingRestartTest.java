package io.pgha.patroni.internal.component;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgha.model.ClusterConfig;
import io.pgha.patroni.internal.server.MemberStatus;
import io.pgha.patroni.internal.work.RestWork;
import io.pgha.plan.Change;
import io.pgha.spi.Observation;
import io.pgha.spi.PlanContext;
import io.pgha.spi.Reaction;
import io.pgha.spi.Trigger;
import io.pgha.testing.FixedPlanContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which members restart when, by what they run with and what is asked for: 200 connections and 8 worker processes. */
class PendingRestartTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ClusterConfig config = Clusters.colocated(3, pg -> pg.parameter("max_worker_processes", 8));
    private final PlanContext context = new FixedPlanContext(config, "trixie");
    private final ObjectNode taken = JSON.createObjectNode();

    /** A member's answer, with the limits that Patroni gave PostgreSQL in its command. */
    private String answer(String role, boolean pending, String options) {
        return "200\n{\"state\": \"running\", \"role\": \"" + role + "\""
                + (pending ? ", \"pending_restart\": true" : "") + "}\n"
                + "Started: /usr/lib/postgresql/17/bin/postgres \"-D\" \"/var/lib/postgresql/17/main\" " + options
                + "\n"
                + "PostgreSQL: {\"taken\": " + taken + "}";
    }

    private static String options(int connections, int workers) {
        return "\"--max_connections=" + connections + "\" \"--max_worker_processes=" + workers + "\"";
    }

    /** Who restarts in which turn, each the same on the leader and on a replica. */
    private List<String> restarts(Observation leader, Observation replica) {
        List<String> all = new ArrayList<>();
        for (RestartTurn turn : RestartTurn.values()) {
            PendingRestartResource resource =
                    new PendingRestartResource(context, config.postgresNodes().get(0), turn, RestWork.of(context));
            resource.diff(leader).map(Change::reason).ifPresent(why -> all.add("leader " + turn + ": " + why));
            resource.diff(replica).map(Change::reason).ifPresent(why -> all.add("replica " + turn + ": " + why));
        }
        return all;
    }

    private List<String> planned(String options) {
        List<Trigger> triggers = List.of(new Trigger("dynamic-config-restart changes", Reaction.RESTART));
        return restarts(
                        new Observation(answer("primary", false, options), triggers),
                        new Observation(answer("replica", false, options), triggers))
                .stream()
                .map(step -> step.replace(": dynamic-config-restart changes", ""))
                .toList();
    }

    private List<String> waiting(String leader, String replica) {
        return Stream.of(restarts(
                        Observation.of(answer("primary", !leader.isEmpty(), leader)),
                        Observation.of(answer("replica", !replica.isEmpty(), replica))))
                .flatMap(List::stream)
                .map(step -> step.replace(": a restart is pending", ""))
                .toList();
    }

    @Test
    void whatGrowsGrowsOnReplicasFirst() {
        assertThat(planned(options(100, 8))).containsExactly("leader LEADER_LAST", "replica LEADER_LAST");
    }

    @Test
    void whatIsNoLimitTakesOneTurn() {
        assertThat(planned(options(200, 8))).containsExactly("leader LEADER_LAST", "replica LEADER_LAST");
    }

    @Test
    void whatShrinksShrinksOnTheLeaderFirst() {
        assertThat(planned(options(300, 8))).containsExactly("leader LEADER_LAST", "replica BEHIND_LEADER");
    }

    @Test
    void whereSomeGrowAndSomeShrinkReplicasRestartTwice() {
        assertThat(planned(options(300, 4)))
                .containsExactly("leader LEADER_LAST", "replica LEADER_LAST", "replica BEHIND_LEADER");
    }

    /** A member that does not answer will start with what is in the DCS by then. */
    @Test
    void nothingIsKnownOfAMemberThatIsDown() {
        Observation nobody = new Observation(MemberStatus.NOBODY, List.of(new Trigger("x", Reaction.RESTART)));
        assertThat(restarts(nobody, nobody)).containsExactly("leader LEADER_LAST: x", "replica LEADER_LAST: x");
    }

    @Test
    void aReplicaThatHasItsLeadersOldLimitHasHadItsFirstTurn() {
        assertThat(waiting("", options(300, 8))).containsExactly("replica BEHIND_LEADER");
        assertThat(waiting(options(300, 8), options(300, 8)))
                .containsExactly("leader LEADER_LAST", "replica BEHIND_LEADER");
    }

    @Test
    void aReplicaThatStillLacksWhatGrowsHasNot() {
        assertThat(waiting(options(300, 4), options(300, 4)))
                .containsExactly("leader LEADER_LAST", "replica LEADER_LAST", "replica BEHIND_LEADER");
    }

    /** Whoever leads a standby cluster goes by a primary elsewhere. */
    @Test
    void aStandbyLeaderIsNoReplica() {
        Observation standbyLeader = Observation.of(answer("standby_leader", true, options(300, 8)));
        assertThat(restarts(standbyLeader, standbyLeader))
                .containsExactly(
                        "leader LEADER_LAST: a restart is pending", "replica LEADER_LAST: a restart is pending");
    }

    /** Whoever set it by hand keeps it; what pgha set and sets no longer goes back to Patroni's default. */
    @Test
    void whatIsNotAskedForIsWhatPatroniHas() {
        taken.withObject("/postgresql/parameters").put("max_locks_per_transaction", 128);
        String runs = "--max_locks_per_transaction=128";
        assertThat(planned(runs)).containsExactly("leader LEADER_LAST", "replica LEADER_LAST");
        taken.withArray("/pgha/restart_parameters").add("max_locks_per_transaction");
        assertThat(planned(runs)).containsExactly("leader LEADER_LAST", "replica BEHIND_LEADER");
    }

    @Test
    void aRehearsedMemberTellsItsRoleAndLimits() {
        Map<String, String> limits = new NextStart(context).limits();
        assertThat(limits).containsEntry("max_connections", "200").containsEntry("max_locks_per_transaction", "64");
        MemberStatus status = MemberStatus.parse(MemberStatus.serving("replica", limits));
        assertThat(status.replica()).isTrue();
        assertThat(status.limits()).isEqualTo(limits);
        assertThat(status.isAsAsked()).isTrue();
        assertThat(status.report()).isEmpty();
    }
}
