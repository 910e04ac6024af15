package io.pgha.etcd.internal.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.Problem;
import io.pgha.etcd.EtcdException;
import io.pgha.etcd.EtcdMember;
import io.pgha.etcd.EtcdStatus;
import io.pgha.etcd.MemberStatus;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which member may go: u is up, d is down, l is a learner that is up. */
class QuorumTest {

    private static EtcdStatus status(String members) {
        List<MemberStatus> all = new ArrayList<>();
        for (int i = 0; i < members.length(); i++) {
            char kind = members.charAt(i);
            EtcdMember member = new EtcdMember(
                    "m" + i, Integer.toHexString(i + 10), List.of(), List.of(URI.create("https://m:1")), kind == 'l');
            all.add(new MemberStatus(
                    member,
                    i == 0 && kind == 'u',
                    Optional.empty(),
                    Set.of(),
                    kind == 'd'
                            ? Optional.of(Problem.of("etcd.unhealthy", "is down", "Start it."))
                            : Optional.empty()));
        }
        return new EtcdStatus(all);
    }

    @ParameterizedTest
    @CsvSource({
        "uuu, 1", // 2 of 2 serve
        "uuud, 3", // the dead one of four
        "uud, 2", // the dead one of three
        "uuudd, 4", // one of two dead ones of five: 3 of 4 serve
        "uul, 1", // a learner has no vote, but one of two may still go
    })
    void mayGo(String members, int own) {
        EtcdStatus status = status(members);
        assertThatCode(() -> Membership.refuseToLoseQuorum(status.members().get(own), status))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "u, 0, 0 of 0 members would serve",
        "uud, 0, 1 of 2 members would serve",
        "uuuud, 0, one more failure would stop etcd",
        "udd, 1, 1 of 2 members would serve",
    })
    void mayNotGo(String members, int own, String why) {
        EtcdStatus status = status(members);
        assertThatThrownBy(() -> Membership.refuseToLoseQuorum(status.members().get(own), status))
                .isInstanceOfSatisfying(
                        EtcdException.class, e -> assertThat(e.code()).isEqualTo(EtcdException.QUORUM))
                .hasMessageContaining(why)
                .hasMessageContaining("Nothing was changed")
                .hasMessageContaining("To fix: ");
    }

    @Test
    void aStatusCountsVotersOnly() {
        EtcdStatus status = status("uudl");
        assertThat(status.voters()).isEqualTo(3);
        assertThat(status.healthyVoters()).isEqualTo(2);
        assertThat(status.quorum()).isEqualTo(2);
        assertThat(status.healthy()).isFalse();
        assertThat(status.toString())
                .contains("2 of 3 voters serve, quorum 2, leader m0")
                .contains("m2");
    }
}
