package io.pgha.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;

/** Members that die, lead, leave and learn. */
class EtcdMembersTest extends AgainstEtcd {
    @Test
    void aClusterWithoutAQuorumShowsHowItIs() throws Exception {
        etcd.kill(0);
        etcd.kill(1);
        EtcdStatus status = client.status();
        assertThat(status.members()).hasSize(3);
        assertThat(status.healthyVoters()).isZero();
        assertThat(status.members())
                .filteredOn(each -> each.figures().isPresent())
                .extracting(each -> each.member().name())
                .containsExactly("m2");
        refused(() -> client.removeMember("m0"), EtcdException.QUORUM, "0 of 2 members would serve");
    }

    @Test
    void leaderMoves() throws Exception {
        EtcdStatus status = client.status();
        EtcdMember follower = status.members().stream()
                .filter(each -> !each.leader())
                .findFirst()
                .orElseThrow()
                .member();
        client.moveLeader(follower.name());
        assertThat(client.status().leader()).map(EtcdMember::name).contains(follower.name());
        assertThatThrownBy(() -> client.moveLeader("m9"))
                .isInstanceOfSatisfying(
                        EtcdException.class, e -> assertThat(e.code()).isEqualTo(EtcdException.NO_MEMBER))
                .hasMessageContaining("m0");
    }

    @Test
    void aDeadMemberIsReplacedAndTheQuorumIsKept() throws Exception {
        etcd.kill(1);
        etcd.wipe(1);
        EtcdStatus status = client.status();
        assertThat(status.healthy()).isFalse();
        assertThat(status.healthyVoters()).isEqualTo(2);
        assertThat(status.members().get(1).member()).isNotNull();

        refused(() -> client.removeMember("m0"), EtcdException.QUORUM, "1 of 2 members would serve");
        refused(() -> client.defragment(), EtcdException.UNHEALTHY, "m1");
        refused(() -> client.addMember(URI.create("https://127.0.0.1:1")), EtcdException.UNHEALTHY, "m1");
        refused(() -> client.moveLeader("m1"), EtcdException.NO_MEMBER, "cannot lead");

        client.removeMember("m1");
        EtcdMember learner = client.addMember(URI.create(etcd.peerUrl(1)));
        assertThat(learner.learner()).isTrue();
        etcd.start(1, "existing", etcd.initialCluster());
        EtcdMember voter = client.promoteMember(learner.id());
        assertThat(voter.learner()).isFalse();
        assertThat(voter.name()).isEqualTo("m1");
        assertThat(client.status().voters()).isEqualTo(3);
    }

    @Test
    void howTheMembersAreIsToldOnceTheyHaveElectedAnotherLeader() throws Exception {
        for (int round = 0; round < 2; round++) {
            String dead = client.status().leader().orElseThrow().name();
            int number = Integer.parseInt(dead.substring(1));
            etcd.kill(number);
            EtcdStatus status = client.status();
            assertThat(status.healthyVoters()).as(status.toString()).isEqualTo(2);
            assertThat(status.leader().orElseThrow().name()).isNotEqualTo(dead);
            etcd.start(number, "existing", etcd.initialCluster());
            etcd.awaitServing();
        }
    }

    @Test
    void aLeaderThatIsRemovedHandsOverFirst() throws Exception {
        String leader = client.status().leader().orElseThrow().name();
        client.removeMember(leader);
        EtcdStatus status = client.status();
        assertThat(status.members()).hasSize(2);
        assertThat(status.leader()).isPresent();
    }
}
