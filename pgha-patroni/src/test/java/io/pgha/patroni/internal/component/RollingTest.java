package io.pgha.patroni.internal.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.PgHaException;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
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
        void theLeaderWaitsForAReplicaThatCouldTakeOver() {
            running();
            cluster(leader(1), replica(2, 99_999_999), replica(3, "unknown"));

            assertThatThrownBy(() -> rolling.awaitSafe(node(1), hosts))
                    .isInstanceOf(PgHaException.class)
                    .hasMessageContaining("a replica can take over from the leader db-01");
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

        @Test
        void aReplicaIsReadyWhenAnotherMemberStreamsToIt() throws InterruptedException {
            String leader = "{\"state\": \"running\", \"role\": \"master\", \"replication\": "
                    + "[{\"application_name\": \"db-02\", \"state\": \"STATE\"}]}";
            String replica = "{\"state\": \"running\", \"role\": \"replica\"}";
            live(1, leader.replace("STATE", "streaming"), replica);
            rolling.awaitReady(node(1), hosts);
            live(2, leader.replace("STATE", "streaming"), replica);
            rolling.awaitReady(node(2), hosts);

            live(2, leader.replace("STATE", "startup"), replica);
            assertThatThrownBy(() -> rolling.awaitReady(node(2), hosts)).isInstanceOf(PgHaException.class);
            live(2, leader.replace("STATE", "streaming"), replica.replace("running", "starting"));
            assertThatThrownBy(() -> rolling.awaitReady(node(2), hosts)).isInstanceOf(PgHaException.class);
            live(3, leader.replace("STATE", "streaming"), replica);
            assertThatThrownBy(() -> rolling.awaitReady(node(3), hosts)).isInstanceOf(PgHaException.class);
        }

        private void live(int i, String first, String second) {
            hosts.answer(
                    "db-0" + i,
                    "patroni:live",
                    "member db-01\n200\n" + first + "\nmember db-02\n200\n" + second + "\nmember db-03\n000");
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
        for (int i = 1; i <= 3; i++) {
            hosts.answer(
                    "db-0" + i,
                    "patroni:cluster",
                    "200\n{\"members\": [" + String.join(", ", members) + "], \"scope\": \"main\"}");
        }
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
