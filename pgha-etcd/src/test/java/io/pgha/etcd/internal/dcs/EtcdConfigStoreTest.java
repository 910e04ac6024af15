package io.pgha.etcd.internal.dcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.pgha.PgHaException;
import io.pgha.etcd.EtcdClientOptions;
import io.pgha.etcd.EtcdException;
import io.pgha.etcd.ScriptedEtcd;
import io.pgha.etcd.internal.rpc.Login;
import io.pgha.etcd.internal.rpc.Session;
import io.pgha.port.DistributedConfigStore;
import io.pgha.port.DistributedConfigStore.Contents;
import io.pgha.port.DistributedConfigStore.Versioned;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the port says of changes that fail, against a member that fails as it is told. */
@Timeout(60)
class EtcdConfigStoreTest {
    private static final Versioned CONFIG = new Versioned("{\"ttl\":30}", 7);
    private static final Contents CONTENTS = new Contents("main", 7, 1, Optional.empty(), List.of());
    private static final Status LOST = Status.UNAVAILABLE.withDescription("the connection broke");

    private ScriptedEtcd member;
    private DistributedConfigStore store;

    @BeforeEach
    void start() throws Exception {
        member = new ScriptedEtcd();
        store = new EtcdConfigStore(
                new Session(
                        EtcdClientOptions.builder().endpoint(member.url()).build(),
                        Login.as(Optional.empty()),
                        () -> {}),
                "service",
                "main");
    }

    @AfterEach
    void stop() throws Exception {
        store.close();
        member.stop();
    }

    private static void fails(ThrowingCallable change, String code) {
        assertThatThrownBy(change)
                .isInstanceOfSatisfying(
                        PgHaException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void whatWasNeverSentIsNotUnknown() {
        member.fail(LOST);
        fails(() -> store.replaceConfig(CONFIG, "{\"ttl\":20}"), EtcdException.UNREACHABLE);
        fails(() -> store.remove(CONTENTS), EtcdException.UNREACHABLE);
        assertThat(member.asked()).doesNotContain("txn");
    }

    @Test
    void whatWasRefusedIsNotUnknown() {
        member.fail("txn", Status.PERMISSION_DENIED.withDescription("etcdserver: permission denied"));
        fails(() -> store.replaceConfig(CONFIG, "{\"ttl\":20}"), EtcdException.UNAUTHORIZED);
        fails(() -> store.remove(CONTENTS), EtcdException.UNAUTHORIZED);
    }

    @Test
    void aLostSwapIsUnknownWhereNoLookSucceeds() {
        member.failFrom("txn", LOST);
        fails(() -> store.replaceConfig(CONFIG, "{\"ttl\":20}"), DistributedConfigStore.OUTCOME_UNKNOWN);
        assertThat(member.asked()).containsOnlyOnce("txn").endsWith("range");
    }

    @Test
    void aLostRemovalIsUnknownWhereNoLookSucceeds() {
        member.failFrom("txn", LOST);
        fails(() -> store.remove(CONTENTS), DistributedConfigStore.OUTCOME_UNKNOWN);
        assertThat(member.asked()).containsOnlyOnce("txn").endsWith("range");
    }

    @Test
    void aLostAnswerIsFollowedUpByALook() throws Exception {
        member.fail("txn", LOST);
        assertThat(store.remove(CONTENTS)).as("nothing is there any more").isTrue();
        assertThat(store.replaceConfig(CONFIG, "{\"ttl\":20}"))
                .as("something else is there now")
                .isFalse();
    }
}
