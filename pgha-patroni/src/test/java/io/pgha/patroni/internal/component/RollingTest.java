package io.pgha.patroni.internal.component;

import static io.pgha.model.NodeRole.ETCD;
import static io.pgha.model.NodeRole.POSTGRES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.PgHaException;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.patroni.SynchronousMode;
import io.pgha.patroni.internal.settings.DynamicSettings;
import io.pgha.patroni.internal.settings.WantedConfig;
import io.pgha.spi.RollingPolicy;
import io.pgha.testing.FixedPlanContext;
import io.pgha.testing.ScriptedHosts;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RollingTest {
    private final ClusterConfig config = Clusters.dedicated();
    private final ScriptedHosts hosts = new ScriptedHosts(config, "bookworm");
    private String published = "000";

    @Nested
    class Members {
        private final RollingPolicy rolling = new MemberRolling(new FixedPlanContext(config, "bookworm"));

        @Test
        void theFirstMemberOfANewClusterStartsAlone() throws InterruptedException {
            assertThat(rolling.next(nodes(1, 2, 3), hosts)).containsExactly(node(1));
            rolling.awaitSafe(node(1), hosts);
            assertThat(hosts.waits()).isEmpty();
        }

        @Test
        void aMemberThatMayNotLeadIsNotTheFirst() throws InterruptedException {
            assertThat(rolling.next(nodes(3, 2), hosts)).containsExactly(node(2));
            assertThat(rolling.next(nodes(3), hosts)).containsExactly(node(3));
        }

        @Test
        void theOthersFollowTogether() throws InterruptedException {
            member(1, "data active");
            cluster(leader(1));

            assertThat(rolling.next(nodes(2, 3), hosts)).isEqualTo(nodes(2, 3));
        }

        @Test
        void aBootstrapThatWasCutShortGoesOn() throws InterruptedException {
            member(1, "empty active");

            assertThat(rolling.next(nodes(1, 2, 3), hosts)).containsExactly(node(2));
            member(1, "data active");
            assertThat(rolling.next(nodes(1, 2, 3), hosts)).isEqualTo(nodes(2, 3));
        }

        @Test
        void aClusterThatIsDownStartsTogether() throws InterruptedException {
            member(1, "data inactive");
            member(2, "data failed");
            member(3, "data inactive");

            assertThat(rolling.next(nodes(1, 2, 3), hosts)).isEqualTo(nodes(1, 2, 3));
        }

        @Test
        void runningMembersTakeTurnsAndTheLeaderIsLast() throws InterruptedException {
            running();
            cluster(leader(1), replica(2, 0), replica(3, 0));

            assertThat(rolling.next(nodes(1, 2, 3), hosts)).containsExactly(node(2));
            assertThat(rolling.next(nodes(1, 3), hosts)).containsExactly(node(3));
            assertThat(rolling.next(nodes(1), hosts)).containsExactly(node(1));
        }

        @Test
        void theLeaderWaitsForAReplicaThatCouldTakeOver() throws InterruptedException {
            running();
            cluster(leader(1), replica(2, 99_999_999), replica(3, "unknown"));

            for (String useless : List.of(
                    "",
                    follower(1_000, "streaming"),
                    follower(99_000_000, "in archive recovery"),
                    follower(99_000_000, ""))) {
                replication(1, primary(99_999_999), useless);
                assertThatThrownBy(() -> rolling.awaitSafe(node(1), hosts))
                        .isInstanceOf(PgHaException.class)
                        .hasMessageContaining("a replica can take over from the leader db-01");
            }
            replication(1, primary(99_999_999), follower(99_000_000, "streaming"));
            rolling.awaitSafe(node(1), hosts);
        }

        /** What is published of a replica may be older than the leader's last write. */
        @Test
        void whatIsPublishedDoesNotCountWhereMembersAnswer() {
            running();
            cluster(leader(1), replica(2, 0));
            replication(1, primary(99_999_999), follower(1_000, "streaming"));

            assertThatThrownBy(() -> rolling.awaitSafe(node(1), hosts)).isInstanceOf(PgHaException.class);
        }

        /** The reason is told, and not what nine documents say. */
        @Test
        void aWaitTellsWhatSpeaksAgainstEachHeir() {
            running();
            cluster(leader(1), replica(2, 0), tagged(replica(3, 0), "nofailover"));
            replication(1, primary(99_999_999), follower(1_000, "streaming"));

            assertThatThrownBy(() -> rolling.awaitSafe(node(1), hosts))
                    .hasMessageContaining(
                            "db-02: 95 MB behind, more than maximum_lag_on_failover (1 MB); db-03: tag nofailover")
                    .hasMessageNotContaining("xlog");
        }

        @Test
        void anHeirIsOnTheLeadersTimelineAndHasAWatchdog() throws InterruptedException {
            running();
            cluster(leader(1), replica(2, 0));
            String heir = follower(1_000, "streaming");
            for (String useless : List.of(
                    heir.replace("{\"state", "{\"timeline\": 2, \"state"),
                    heir.replace("{\"state", "{\"watchdog_failed\": true, \"state"),
                    heir.replace("running", "starting"))) {
                replication(1, primary(1_000), useless);
                assertThatThrownBy(() -> rolling.awaitSafe(node(1), hosts)).isInstanceOf(PgHaException.class);
            }
            replication(1, primary(1_000), heir);
            rolling.awaitSafe(node(1), hosts);
        }

        @Test
        void aReplicaThatMayNotLeadIsNoHeir() throws InterruptedException {
            running();
            for (String tag : List.of("nofailover", "nostream")) {
                cluster(leader(1), tagged(replica(2, 0), tag));
                replication(1, primary(1_000), follower(1_000, "streaming"));
                assertThatThrownBy(() -> rolling.awaitSafe(node(1), hosts)).hasMessageContaining("db-02: tag " + tag);
            }
        }

        @Test
        void inSynchronousModeOnlyASynchronousReplicaIsAnHeir() throws InterruptedException {
            ClusterConfig synchronous = ClusterConfig.builder()
                    .from(config)
                    .patroni(p -> p.synchronousMode(SynchronousMode.ON))
                    .build();
            ScriptedHosts there = new ScriptedHosts(synchronous, "bookworm");
            RollingPolicy policy = new MemberRolling(new FixedPlanContext(synchronous, "bookworm"));
            serving(there, leader(1), replica(2, 0));
            assertThatThrownBy(() -> policy.awaitSafe(node(1), there))
                    .hasMessageContaining("db-02: not synchronous, and synchronous_mode is on");

            serving(there, leader(1), replica(2, 0).replace("replica", "sync_standby"));
            policy.awaitSafe(node(1), there);
            // In a standby cluster Patroni makes nobody synchronous.
            serving(there, leader(1).replace("\"leader", "\"standby_leader"), replica(2, 0));
            policy.awaitSafe(node(1), there);
        }

        /** No wait would end: the others have tags that keep them from ever taking over. */
        @Test
        void aLeaderWithoutHeirsIsNotWaitedFor() throws InterruptedException {
            assertThat(heirless(SynchronousMode.OFF, "nofailover")).isEmpty();
            assertThat(heirless(SynchronousMode.OFF, "nostream")).isEmpty();
            assertThat(heirless(SynchronousMode.ON, "nosync")).isEmpty();
            assertThatThrownBy(() -> heirless(SynchronousMode.OFF, "nosync")).isInstanceOf(PgHaException.class);
        }

        private List<String> heirless(SynchronousMode mode, String tag) throws InterruptedException {
            ClusterConfig two = ClusterConfig.builder()
                    .from(config)
                    .topology(t -> t.node("etcd-01", "192.168.60.11", ETCD)
                            .node("db-01", "192.168.60.101", POSTGRES)
                            .node(n -> n.name("db-02")
                                    .address("192.168.60.102")
                                    .roles(POSTGRES)
                                    .tag(tag, true)))
                    .patroni(p -> p.synchronousMode(mode))
                    .build();
            ScriptedHosts there = new ScriptedHosts(two, "trixie");
            for (String name : List.of("db-01", "db-02")) {
                there.answer(name, "patroni:member", "data active");
                there.answer(name, "patroni:cluster", "200\n{\"members\": [" + leader(1) + ", " + replica(2, 0) + "]}");
            }
            new MemberRolling(new FixedPlanContext(two, "trixie")).awaitSafe(two.node("db-01"), there);
            return there.waits();
        }

        @Test
        void nobodyIsTouchedUnderALeaderThatNobodyKnows() {
            running();
            cluster(leader(7), replica(2, 0));

            assertThatThrownBy(() -> rolling.awaitSafe(node(2), hosts))
                    .hasMessageContaining("is led by db-07")
                    .extracting(e -> ((PgHaException) e).code())
                    .isEqualTo("patroni.foreign-leader");
            assertThat(hosts.waits()).isEmpty();
        }

        @Test
        void aReplicaWaitsForALeaderThatAcceptsWrites() throws InterruptedException {
            running();
            cluster(leader(1), replica(2, 0));
            for (String useless : List.of("", primary(1).replace("running", "starting"), follower(1, "streaming"))) {
                replication(2, useless, follower(1, "streaming"));
                assertThatThrownBy(() -> rolling.awaitSafe(node(2), hosts))
                        .hasMessageContaining("a leader serves while db-02 is away");
            }
            replication(2, primary(1), "");
            rolling.awaitSafe(node(2), hosts);
        }

        @Test
        void nobodyIsInterruptedInMaintenanceMode() {
            running();
            hosts.answer(
                    "db-01",
                    "patroni:cluster",
                    "200\n{\"members\":[" + leader(1) + "," + replica(2, 0) + "],\"pause\":true}");

            assertThatThrownBy(() -> rolling.awaitSafe(node(2), hosts))
                    .hasMessageContaining("patronictl resume")
                    .extracting(e -> ((PgHaException) e).code())
                    .isEqualTo("patroni.paused");
        }

        /** Patroni before 3.0.4 calls it running all the same; so does a later one that has not noticed yet. */
        @Test
        void nobodyIsReadyWhereNobodyLeads() {
            for (String published : List.of("running", "streaming")) {
                cluster(
                        replica(1, 0).replace("streaming", published),
                        replica(2, 0).replace("streaming", published));
                replication(2, follower(1_000, ""), follower(1_000, ""));
                assertThatThrownBy(() -> rolling.awaitReady(node(2), hosts)).hasMessageContaining("no member leads");
                cluster(leader(1), replica(2, 0).replace("streaming", published));
                replication(2, "", follower(1_000, ""));
                assertThatThrownBy(() -> rolling.awaitReady(node(2), hosts))
                        .hasMessageContaining("not streaming (" + published + ")");
            }
        }

        @Test
        void aReplicaIsReadyWhenAnotherMemberStreamsToIt() throws InterruptedException {
            String leader = primary(1_000)
                    .replace("}}", "}, \"replication\": [{\"application_name\": \"db-02\", \"state\": \"STATE\"}]}");
            String streaming = leader.replace("STATE", "streaming").replace("primary", "master");
            String replica = follower(1_000, "");
            cluster(leader(1), replica(2, 0), replica(3, 0));
            replication(1, streaming, replica);
            rolling.awaitReady(node(1), hosts);
            replication(2, streaming, replica);
            rolling.awaitReady(node(2), hosts);

            replication(2, leader.replace("STATE", "startup"), replica);
            assertThatThrownBy(() -> rolling.awaitReady(node(2), hosts)).isInstanceOf(PgHaException.class);
            replication(2, streaming, replica.replace("running", "starting"));
            assertThatThrownBy(() -> rolling.awaitReady(node(2), hosts)).isInstanceOf(PgHaException.class);
            replication(3, streaming, replica);
            assertThatThrownBy(() -> rolling.awaitReady(node(3), hosts)).isInstanceOf(PgHaException.class);
        }
    }

    @Nested
    class Restarts {
        private final RollingPolicy rolling = rolling(RestartTurn.LEADER_LAST);

        private RollingPolicy rolling(RestartTurn turn) {
            return new RestartRolling(new FixedPlanContext(config, "bookworm"), turn);
        }

        @Test
        void replicasFirst() throws InterruptedException {
            cluster(leader(1), replica(2, 0), replica(3, 0));

            assertThat(rolling.next(nodes(1, 2, 3), hosts)).containsExactly(node(2));
            assertThat(rolling.next(nodes(1), hosts)).containsExactly(node(1));
        }

        @Test
        void aReplicaThatHasBecomeTheLeaderIsNotBehindIt() throws InterruptedException {
            RollingPolicy behind = rolling(RestartTurn.BEHIND_LEADER);
            cluster(replica(1, 0), replica(2, 0), leader(3));

            assertThat(behind.next(nodes(2, 3), hosts)).containsExactly(node(3));
            assertThat(behind.next(nodes(1, 2), hosts)).containsExactly(node(1));
        }

        @Test
        void aReplicaWaitsUntilTheLeadersLimitsHaveReachedIt() throws InterruptedException {
            cluster(leader(1), replica(2, 0));
            replication(2, primary(1_000), "");
            limits(1, 200, 128);
            limits(2, 500, 128);

            assertThatThrownBy(() -> rolling.awaitSafe(node(2), hosts))
                    .hasMessageContaining("the limits of the leader db-01 have reached db-02");
            limits(2, 200, 128);
            rolling.awaitSafe(node(2), hosts);
        }

        @Test
        void aMemberWaitsUntilItsPatroniHasTakenTheChangeOver() throws InterruptedException {
            cluster(leader(1), replica(2, 0));
            replication(2, primary(1_000), "");
            limits(1, 200, 128);
            limits(2, 200, 128);
            String wanted = WantedConfig.of(new FixedPlanContext(config, "bookworm"), DynamicSettings.Moment.RESTART)
                    .json();
            for (String copy :
                    List.of("", "{}", wanted.replace("\"max_connections\":200", "\"max_connections\":100"))) {
                hosts.answer("db-02", "patroni:taken-config", copy);
                assertThatThrownBy(() -> rolling.awaitSafe(node(2), hosts))
                        .hasMessageContaining("Patroni on db-02 has passed the dynamic configuration on");
            }
            hosts.answer("db-02", "patroni:taken-config", wanted);
            rolling.awaitSafe(node(2), hosts);
        }

        private void limits(int i, int connections, int locks) {
            hosts.answer(
                    "db-0" + i,
                    "postgres:limits",
                    "max_connections " + connections + "\nmax_worker_processes 8\nmax_wal_senders 10\n"
                            + "max_prepared_xacts 0\nmax_locks_per_xact " + locks);
        }
    }

    private void running() {
        for (int i = 1; i <= 3; i++) {
            member(i, "data active");
        }
    }

    private void member(int i, String state) {
        hosts.answer("db-0" + i, "patroni:member", state);
    }

    private void cluster(String... members) {
        published = "200\n{\"members\": [" + String.join(", ", members) + "], \"scope\": \"main\"}";
        for (int i = 1; i <= 3; i++) {
            hosts.answer("db-0" + i, "patroni:cluster", published);
        }
    }

    /**
     * What one member is told by the first two of themselves, by its Patroni's leave; nothing where a text is empty.
     */
    private void replication(int i, String first, String second) {
        hosts.answer(
                "db-0" + i, "patroni:replication", published + "\n" + said(1, first) + said(2, second) + said(3, ""));
    }

    /** A cluster whose first two members serve and replicate. */
    private void serving(ScriptedHosts there, String... members) {
        String cluster = "200\n{\"members\": [" + String.join(", ", members) + "]}";
        for (int i = 1; i <= 3; i++) {
            there.answer("db-0" + i, "patroni:member", "data active");
            there.answer("db-0" + i, "patroni:cluster", cluster);
            there.answer(
                    "db-0" + i,
                    "patroni:replication",
                    cluster + "\n" + said(1, primary(1_000)) + said(2, follower(1_000, "streaming")) + said(3, ""));
        }
    }

    private static String tagged(String member, String tag) {
        return member.replace("}", ", \"tags\": {\"" + tag + "\": true}}");
    }

    private static String said(int i, String document) {
        return "member db-0" + i + "\n" + (document.isEmpty() ? "000\n" : "200\n" + document + "\n");
    }

    private static String primary(long location) {
        return "{\"state\": \"running\", \"role\": \"primary\", \"xlog\": {\"location\": " + location + "}}";
    }

    private static String follower(long location, String replication) {
        return "{\"state\": \"running\", \"role\": \"replica\", \"xlog\": {\"received_location\": " + location + "}"
                + (replication.isEmpty() ? "" : ", \"replication_state\": \"" + replication + "\"") + "}";
    }

    private static String leader(int i) {
        return "{\"name\": \"db-0" + i + "\", \"role\": \"leader\", \"state\": \"running\", \"timeline\": 3}";
    }

    private static String replica(int i, Object lag) {
        return "{\"name\": \"db-0" + i
                + "\", \"role\": \"replica\", \"state\": \"streaming\", \"timeline\": 3, \"lag\": "
                + (lag instanceof Number ? lag : "\"" + lag + "\"") + "}";
    }

    private Set<Node> nodes(int... numbers) {
        Set<Node> nodes = new LinkedHashSet<>();
        for (int i : numbers) {
            nodes.add(node(i));
        }
        return nodes;
    }

    private Node node(int i) {
        return config.node("db-0" + i);
    }
}
