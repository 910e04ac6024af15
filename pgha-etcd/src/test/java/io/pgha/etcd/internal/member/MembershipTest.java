package io.pgha.etcd.internal.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.api.StatusResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Alarms, as members tell them among their errors. */
class MembershipTest {

    @Test
    void whatAnyMemberKnowsOfAnAlarmCounts() {
        StatusResponse one = StatusResponse.newBuilder()
                .addErrors("etcdserver: no leader")
                .addErrors("memberID:10276657743932975437 alarm:NOSPACE ")
                .build();
        StatusResponse other = StatusResponse.newBuilder()
                .addErrors("memberID:10276657743932975437 alarm:CORRUPT ")
                .addErrors("memberID:7 alarm:NOSPACE ")
                .build();

        assertThat(Membership.alarms(List.of(one, other, StatusResponse.getDefaultInstance())))
                .isEqualTo(Map.of(
                        Long.parseUnsignedLong("10276657743932975437"),
                        Set.of("NOSPACE", "CORRUPT"),
                        7L,
                        Set.of("NOSPACE")));
    }
}
