package io.pgha.etcd.internal.dcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.TxnRequest;
import io.grpc.Status;
import io.pgha.etcd.EtcdClientOptions;
import io.pgha.etcd.EtcdException;
import io.pgha.etcd.ScriptedEtcd;
import io.pgha.etcd.internal.rpc.Login;
import io.pgha.etcd.internal.rpc.Session;
import io.pgha.port.OperationLock;
import io.pgha.port.OperationLock.Held;
import io.pgha.port.OperationLock.Holder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The lock on a lease, and whom the client asks, against members that answer from memory. */
class LeaseLockTest {
    /** More than the four seconds between two renewals. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private ScriptedEtcd member;

    @BeforeEach
    void start() throws Exception {
        member = new ScriptedEtcd();
    }

    @AfterEach
    void stop() {
        member.stop();
    }

    private static Session session(String... endpoints) {
        EtcdClientOptions.Builder options = EtcdClientOptions.builder();
        List.of(endpoints).forEach(options::endpoint);
        return new Session(options.build(), Login.as(Optional.empty()), () -> {});
    }

    private static LeaseLock lock(String... endpoints) {
        return new LeaseLock("main", () -> session(endpoints), PATIENCE);
    }

    @Test
    void whoeverComesSecondIsToldWhoIsInsideAndGetsInAfterwards() throws Exception {
        Held first = lock(member.url()).acquire(Holder.of("apply 3 changes"));
        assertThatThrownBy(() -> lock(member.url()).acquire(Holder.of("apply others")))
                .isInstanceOfSatisfying(
                        EtcdException.class, e -> assertThat(e.code()).isEqualTo(OperationLock.LOCKED))
                .hasMessageContaining("to apply 3 changes")
                .hasMessageContaining("/pgha/main/lock");
        assertThat(member.asked()).as("it is renewed while the other waits").contains("keep alive");
        assertThat(first.lost()).isEmpty();
        first.close();
        first.close();
        assertThat(member.asked()).filteredOn("revoke"::equals).hasSize(1);
        lock(member.url()).acquire(Holder.of("apply others")).close();
    }

    @Test
    void aLeaseThatHasRunOutIsALockThatIsLost() throws Exception {
        try (Held held = lock(member.url()).acquire(Holder.of("apply"))) {
            member.loseLeases();
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (held.lost().isEmpty() && System.nanoTime() < until) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
            assertThat(held.lost()).hasValueSatisfying(problem -> {
                assertThat(problem.code()).isEqualTo(OperationLock.LOST);
                assertThat(problem.message()).contains("has run out");
            });
        }
    }

    @Test
    void whereEtcdDoesNotServeOrIsFullTheHostsAloneDecide() throws Exception {
        member.fail(Status.RESOURCE_EXHAUSTED.withDescription("etcdserver: mvcc: database space exceeded"));
        assertThat(lock(member.url()).acquire(Holder.of("apply")).lost()).isEmpty();
        member.stop();
        assertThat(lock(member.url()).acquire(Holder.of("apply")).lost()).isEmpty();
    }

    @Test
    void aReadGoesOnToTheNextMemberAndAChangeIsSentOnce() throws Exception {
        ScriptedEtcd dead = new ScriptedEtcd();
        dead.stop();
        try (Session session = session(dead.url(), member.url())) {
            assertThat(session.rpc().serving()).hasToString(member.url());
            assertThatThrownBy(() -> session.rpc().change(channel -> {
                        member.fail(Status.UNAVAILABLE.withDescription("etcdserver: request timed out"));
                        return KVGrpc.newBlockingStub(channel).txn(TxnRequest.getDefaultInstance());
                    }))
                    .isInstanceOfSatisfying(
                            EtcdException.class, e -> assertThat(e.code()).isEqualTo(EtcdException.OUTCOME_UNKNOWN));
            assertThat(member.asked()).filteredOn("txn"::equals).hasSize(1);
        }
    }
}
