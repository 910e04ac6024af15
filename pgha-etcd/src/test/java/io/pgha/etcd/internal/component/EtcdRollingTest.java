package io.pgha.etcd.internal.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.PgHaException;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.testing.ScriptedHosts;
import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EtcdRollingTest {
    private final ClusterConfig config = Clusters.colocated(3);
    private final ScriptedHosts hosts = new ScriptedHosts(config, "bookworm");
    private final EtcdRolling rolling = new EtcdRolling();

    @Test
    void foundersGoTogether() throws InterruptedException {
        assertThat(rolling.next(all(), hosts)).isEqualTo(all());
        rolling.awaitSafe(node(1), hosts);
        assertThat(hosts.waits()).isEmpty();
        assertThat(hosts.commands()).containsExactly("db-01 " + JoinScript.FOUND);
    }

    @Test
    void aFoundationThatWasCutShortGoesOnTogether() throws InterruptedException {
        member(1, "data founding activating");
        member(2, "empty founding inactive");

        assertThat(rolling.next(nodes(2, 3), hosts)).isEqualTo(nodes(2, 3));
        rolling.awaitSafe(node(3), hosts);
    }

    @Test
    void runningMembersRestartOneByOne() throws InterruptedException {
        healthy(1, 2, 3);

        assertThat(rolling.next(all(), hosts)).containsExactly(node(1));
        rolling.awaitSafe(node(1), hosts);
        assertThat(hosts.waits()).containsExactly("db-02 etcd:ready", "db-03 etcd:ready");
    }

    @Test
    void aClusterThatIsDownStartsTogetherAndBeforeAnythingElse() throws InterruptedException {
        member(1, "data settled inactive");
        member(2, "data settled failed");
        member(3, "empty settled inactive");

        assertThat(rolling.next(all(), hosts)).isEqualTo(nodes(1, 2));
        rolling.awaitSafe(node(1), hosts);
    }

    @Test
    void aMemberWithoutDataJoinsLastAndAlone() throws InterruptedException {
        healthy(2, 3);

        assertThat(rolling.next(all(), hosts)).containsExactly(node(2));
        assertThat(rolling.next(nodes(1), hosts)).containsExactly(node(1));
        rolling.awaitSafe(node(1), hosts);
        assertThat(hosts.commands()).containsExactly("db-01 " + JoinScript.JOIN);
    }

    @Test
    void aRestartThatWouldTakeTheQuorumIsRefusedWithTheNumbers() {
        healthy(1, 2);
        member(3, "data settled failed");

        assertThatThrownBy(() -> rolling.awaitSafe(node(1), hosts))
                .isInstanceOf(PgHaException.class)
                .hasMessageContaining(
                        "Restarting db-01 now would leave 1 of 3 etcd members; quorum needs 2 (db-03 down)")
                .extracting(e -> ((PgHaException) e).code())
                .isEqualTo("etcd.quorum");
    }

    @Test
    void aMemberWithoutDataDoesNotJoinWhatHasNoQuorum() {
        member(1, "data settled active");
        member(2, "data settled inactive");

        assertThatThrownBy(() -> rolling.awaitSafe(node(3), hosts))
                .hasMessageContaining("db-03 has no data and cannot join main: 0 of 2 members are healthy");
    }

    @Test
    void nobodyJoinsASingleMemberThatIsDown() {
        member(1, "data settled failed");

        assertThatThrownBy(() -> rolling.awaitSafe(node(2), hosts))
                .hasMessageContaining("0 of 1 members are healthy; quorum needs 1");
    }

    @Test
    void aSingleMemberMayRestart() throws InterruptedException {
        ClusterConfig single = Clusters.colocated(1);
        ScriptedHosts host = new ScriptedHosts(single, "trixie").answer("db-01", "etcd:member", "data settled active");

        rolling.awaitSafe(single.etcdNodes().get(0), host);
    }

    @Test
    void aFailedStartShowsTheJournal() {
        hosts.answer("db-01", "etcd:ready", "not yet: etcd is failed");

        assertThatThrownBy(() -> rolling.awaitReady(node(1), hosts))
                .hasMessageContaining("etcd is failed")
                .extracting(e -> ((PgHaException) e).code())
                .isEqualTo("etcd.not-ready");
        assertThat(hosts.commands()).singleElement().asString().contains("journalctl -u etcd");
    }

    private void healthy(int... members) {
        for (int i : members) {
            member(i, "data settled active");
            hosts.answer("db-0" + i, "etcd:ready", "ok");
        }
    }

    private void member(int i, String state) {
        hosts.answer("db-0" + i, "etcd:member", state);
    }

    private Set<Node> all() {
        return nodes(1, 2, 3);
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
