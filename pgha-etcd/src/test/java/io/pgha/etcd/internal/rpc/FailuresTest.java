package io.pgha.etcd.internal.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.grpc.Status;
import io.pgha.Problem;
import io.pgha.etcd.Etcd;
import io.pgha.etcd.EtcdClient;
import io.pgha.etcd.EtcdException;
import io.pgha.host.HostException;
import java.net.URI;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What etcd and gRPC say, as etcd 3.4 and 3.5 word it. */
class FailuresTest {
    private static final URI MEMBER = URI.create("https://10.0.0.1:2379");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RESOURCE_EXHAUSTED|etcdserver: mvcc: database space exceeded|etcd.no-space",
                "UNAVAILABLE|etcdserver: no leader|etcd.no-quorum",
                "UNAVAILABLE|etcdserver: request timed out|etcd.no-quorum",
                "UNAVAILABLE|etcdserver: unhealthy cluster|etcd.unhealthy",
                "UNAVAILABLE|io exception|etcd.unreachable",
                "DEADLINE_EXCEEDED|deadline exceeded after 3s|etcd.unreachable",
                "UNAUTHENTICATED|etcdserver: invalid auth token|etcd.unauthorized",
                "INVALID_ARGUMENT|etcdserver: authentication failed, invalid user ID or password|etcd.unauthorized",
                "INVALID_ARGUMENT|etcdserver: user name is empty|etcd.unauthorized",
                "PERMISSION_DENIED|etcdserver: permission denied|etcd.unauthorized",
                "FAILED_PRECONDITION|etcdserver: can only promote a learner member which is in sync with leader|etcd.refused",
                "UNKNOWN|raft: stopped|etcd.unreachable",
                "NOT_FOUND|etcdserver: requested lease not found|etcd.refused",
            })
    void eachHasItsCode(Status.Code code, String said, String expected) {
        EtcdException failure =
                Failures.of(MEMBER, code.toStatus().withDescription(said).asRuntimeException());
        assertThat(failure.code()).isEqualTo(expected);
        assertThat(failure).hasMessageContaining("10.0.0.1:2379").hasMessageContaining("To fix: ");
    }

    @Test
    void tlsIsSaidToBeTls() {
        EtcdException failure = Failures.of(
                MEMBER,
                Status.UNAVAILABLE
                        .withDescription("io exception")
                        .withCause(new SSLHandshakeException("PKIX path building failed"))
                        .asRuntimeException());
        assertThat(failure.code()).isEqualTo(EtcdException.TLS);
        assertThat(failure).hasMessageContaining("PKIX");
    }

    @Test
    void aConnectionThatBrokeIsNoRefusal() {
        EtcdException failure = Failures.of(
                MEMBER,
                Status.UNKNOWN
                        .withDescription("channel closed")
                        .withCause(new ClosedChannelException())
                        .asRuntimeException());
        assertThat(failure.code()).isEqualTo(EtcdException.UNREACHABLE);
        assertThat(Failures.mayLieInTheMember(failure)).isTrue();
    }

    @Test
    void ofManyFailuresTheLackOfAQuorumIsWhatCounts() {
        EtcdException all = Failures.all(List.of(
                Problem.of(EtcdException.UNREACHABLE, "m0 does not answer", "Look at m0."),
                Problem.of(EtcdException.NO_QUORUM, "m1 has no leader", "Start the others.")));
        assertThat(all.code()).isEqualTo(EtcdException.NO_QUORUM);
        assertThat(all).hasMessageContaining("m0 does not answer").hasMessageContaining("Start the others.");
    }

    /** The way to a member leads through its machine's sshd, which may forbid it. */
    @Test
    void aMachineThatForbidsTunnelsIsToldWithItsRemedy() {
        try (EtcdClient etcd = Etcd.client(c -> c.endpoint("http://10.0.0.1:2379")
                .endpoint("http://10.0.0.2:2379")
                .route(address -> {
                    throw new HostException(
                            Problem.on(
                                    address.getHostString(),
                                    HostException.FORWARDING_FORBIDDEN,
                                    "The machine forbids tunnels",
                                    "Set AllowTcpForwarding yes."),
                            null);
                }))) {
            assertThatExceptionOfType(EtcdException.class)
                    .isThrownBy(etcd::status)
                    .withMessageContaining("http://10.0.0.1:2379 is not reached: The machine forbids tunnels")
                    .withMessageContaining("http://10.0.0.2:2379 is not reached: The machine forbids tunnels")
                    .satisfies(e -> assertThat(e.remedy()).isEqualTo("Set AllowTcpForwarding yes."));
        }
    }
}
