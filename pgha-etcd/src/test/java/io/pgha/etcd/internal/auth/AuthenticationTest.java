package io.pgha.etcd.internal.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Permission;
import io.grpc.Status;
import io.pgha.PgHaException;
import io.pgha.etcd.EtcdClientOptions;
import io.pgha.etcd.EtcdException;
import io.pgha.etcd.internal.rpc.Login;
import io.pgha.etcd.internal.rpc.Session;
import io.pgha.model.ClusterConfig;
import io.pgha.model.NodeRole;
import io.pgha.port.EtcdUser;
import io.pgha.port.OperationLock;
import io.pgha.secret.Secret;
import io.pgha.testing.ScriptedHosts;
import io.pgha.testing.ScriptedWork;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How authentication is enabled and disabled, against a member that answers from memory. */
class AuthenticationTest {
    private static final String ROOTS = "Zw4 of r";
    private static final String PATRONIS = "Zw4 of P";
    private static final EtcdUser ROOT = new EtcdUser("root", Secret.of(ROOTS));
    private static final EtcdUser PATRONI = new EtcdUser("main", Secret.of(PATRONIS));
    private static final String UNPROVEN = "/pgha/main/authentication-unproven";
    private static final Permission OWN = permission("/service/main/", "/service/main0");
    private static final List<String> PROOF = List.of("lease 30", "lend db-01", "lend db-02", "lend db-03");

    private final ClusterConfig config = ClusterConfig.builder()
            .name("main")
            .topology(t -> t.node("db-01", "192.168.60.101", NodeRole.ETCD, NodeRole.POSTGRES)
                    .node("db-02", "192.168.60.102", NodeRole.ETCD, NodeRole.POSTGRES)
                    .node("db-03", "192.168.60.103", NodeRole.ETCD, NodeRole.POSTGRES))
            .build();
    private AuthenticatingEtcd etcd;

    @BeforeEach
    void start() throws Exception {
        etcd = new AuthenticatingEtcd();
        for (String member : List.of("db-01", "db-02", "db-03")) {
            etcd.patroni(member, PATRONIS);
        }
    }

    @AfterEach
    void stop() {
        etcd.close();
    }

    private static Permission permission(String from, String end) {
        return Permission.newBuilder()
                .setPermType(Permission.Type.READWRITE)
                .setKey(ByteString.copyFromUtf8(from))
                .setRangeEnd(ByteString.copyFromUtf8(end))
                .build();
    }

    /** As an earlier run has left it. */
    private void enabledBefore() {
        etcd.user("root", ROOTS);
        etcd.user("main", PATRONIS, OWN);
        etcd.enable();
    }

    /** No time passes: the Patronis of the test write at once, or never. */
    private ScriptedWork enable(ScriptedWork work) throws InterruptedException {
        try (Callers callers = callers(work)) {
            new Enabling(callers, config, ROOT, PATRONI, Duration.ZERO).run();
        }
        return work;
    }

    private ScriptedWork work() {
        return new ScriptedWork(new ScriptedHosts(config, "trixie"), config.node("db-01"), UnaryOperator.identity());
    }

    private ScriptedWork enable() throws InterruptedException {
        return enable(work());
    }

    private ScriptedWork disable() throws InterruptedException {
        ScriptedWork work = work();
        try (Callers callers = callers(work)) {
            new Disabling(callers, config, Duration.ZERO).run();
        }
        return work;
    }

    private Callers callers(ScriptedWork work) {
        return new Callers(
                work,
                Login.as(Optional.of(ROOT)),
                login -> new Session(
                        EtcdClientOptions.builder().endpoint(etcd.url()).build(), login, () -> {}));
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertFails(ThrowingCallable step) {
        return assertThatThrownBy(step)
                .isInstanceOfSatisfying(
                        PgHaException.class, e -> assertThat(e.code()).isEqualTo("run.step-failed"))
                .hasMessageNotContainingAny(ROOTS, PATRONIS);
    }

    @Test
    void itIsEnabledBetweenTwoProofsAndEveryChangeIsMadeUnderTheLock() throws Exception {
        ScriptedWork work = enable();

        assertThat(etcd.enabled()).isTrue();
        assertThat(etcd.passwords()).containsOnly(Map.entry("root", ROOTS), Map.entry("main", PATRONIS));
        assertThat(etcd.rolesOf("root")).containsExactly("root");
        assertThat(etcd.rolesOf("main")).containsExactly("main");
        assertThat(etcd.roles()).containsEntry("main", List.of(OWN));
        List<String> changes = etcd.changes();
        assertThat(changes)
                .containsSubsequence(PROOF)
                .containsSubsequence(
                        "lend db-03", "put " + UNPROVEN, "enable", "lease 30", "lend db-03", "delete " + UNPROVEN);
        assertThat(changes).last().isEqualTo("delete " + UNPROVEN);
        assertThat(work.claims()).isEqualTo(changes.size());
        assertThat(work.said()).hasSize(2).noneMatch(line -> line.contains(ROOTS) || line.contains(PATRONIS));
    }

    @Test
    void nothingIsEnabledWhileAPatroniIsNotThere() {
        etcd.forget("db-02");

        assertFails(this::enable)
                .hasMessageContaining("Patroni of db-02 has no key in etcd; authentication was not enabled");
        assertThat(etcd.enabled()).isFalse();
        assertThat(etcd.changes()).doesNotContain("enable").noneMatch(change -> change.startsWith("put"));
    }

    @Test
    void nothingIsEnabledWhileAPatroniDoesNotWrite() {
        etcd.hang("db-03");

        assertFails(this::enable)
                .hasMessageContaining("Patroni of db-03 has not written for 0 s; authentication was not enabled");
        assertThat(etcd.changes()).doesNotContain("enable").noneMatch(change -> change.startsWith("put"));
    }

    @Test
    void itIsDisabledAgainWhereAPatroniDoesNotWriteWithIt() throws Exception {
        etcd.patroni("db-02", "an old password");

        assertFails(this::enable)
                .hasMessageContaining("Patroni of db-02 has not written for 0 s with authentication enabled;"
                        + " it was disabled again");
        assertThat(etcd.enabled()).isFalse();
        assertThat(etcd.changes()).endsWith("disable", "delete " + UNPROVEN);

        etcd.patroni("db-02", PATRONIS);
        enable();
        assertThat(etcd.enabled()).isTrue();
    }

    @Test
    void itIsDisabledAgainWhereEtcdTakesNoWritesWithIt() {
        enabledBefore();
        etcd.fail("lease", Status.RESOURCE_EXHAUSTED.withDescription("etcdserver: mvcc: database space exceeded"));

        assertFails(this::enable)
                .hasMessageContaining("etcd takes no writes: ")
                .hasMessageContaining("with authentication enabled; it was disabled again");
        assertThat(etcd.enabled()).isFalse();
    }

    @Test
    void whatCannotBeTakenBackIsSaidAndFoundByTheNextPlan() throws Exception {
        etcd.patroni("db-02", "an old password");
        etcd.fail("disable", Status.UNAVAILABLE.withDescription("etcdserver: request timed out"));

        assertFails(this::enable)
                .hasMessageContaining("Patroni of db-02 has not written")
                .hasMessageContaining("it could not be disabled again");
        assertThat(etcd.has(UNPROVEN)).isTrue();
    }

    @Test
    void aWrongPasswordOfRootIsToldBeforeAnythingIsChanged() {
        enabledBefore();
        etcd.user("root", "another");

        assertFails(this::enable)
                .hasMessageContaining("etcd does not take the password of root that the secret store has as etcd.root");
        assertFails(this::disable)
                .hasMessageContaining("etcd does not take the password of root that the secret store has as etcd.root");
        assertThat(etcd.changes()).isEmpty();
        assertThat(etcd.enabled()).isTrue();
    }

    @Test
    void anEtcdThatDoesNotAnswerIsLeftAlone() {
        etcd.fail("range", Status.UNAVAILABLE.withDescription("etcdserver: request timed out"));

        assertThatThrownBy(this::enable)
                .isInstanceOfSatisfying(
                        EtcdException.class, e -> assertThat(e.code()).isEqualTo(EtcdException.NO_QUORUM));
        assertThatThrownBy(this::disable).isInstanceOf(EtcdException.class);
        assertThat(etcd.changes()).isEmpty();
    }

    @Test
    void whereItIsEnabledNothingButTheProofIsMade() throws Exception {
        enabledBefore();

        enable();

        assertThat(etcd.changes())
                .startsWith(PROOF.toArray(String[]::new))
                .hasSize(PROOF.size() + 1)
                .endsWith("delete " + UNPROVEN);
    }

    @Test
    void whateverElseTheUserMayDoIsTakenFromIt() throws Exception {
        enabledBefore();
        etcd.user("main", PATRONIS, OWN, permission("/service/other/", "/service/other0"));
        etcd.grant("main", "guest");

        enable();

        assertThat(etcd.roles()).containsEntry("main", List.of(OWN));
        assertThat(etcd.rolesOf("main")).containsExactly("main");
        assertThat(etcd.enabled()).isTrue();
    }

    @Test
    void aUserThatCannotLogInGetsThePasswordOfTheStore() throws Exception {
        enabledBefore();
        etcd.user("main", "an old password", OWN);

        enable();

        assertThat(etcd.passwords()).containsEntry("main", PATRONIS);
        assertThat(etcd.changes()).doesNotContain("password root", "enable");
    }

    /** A controller that was killed or put to sleep: it takes nothing back, for others may be at work by now. */
    @Test
    void anEnablingThatWasCutShortIsProvenByTheNext() throws Exception {
        ScriptedWork cut = work();
        etcd.afterEnabling(cut::loseLock);

        assertThatThrownBy(() -> enable(cut))
                .isInstanceOfSatisfying(
                        PgHaException.class, e -> assertThat(e.code()).isEqualTo(OperationLock.LOST));
        assertThat(etcd.enabled()).isTrue();
        assertThat(etcd.has(UNPROVEN)).as("what the next plan sees").isTrue();

        enable();
        assertThat(etcd.enabled()).isTrue();
        assertThat(etcd.has(UNPROVEN)).isFalse();
    }

    @Test
    void anEnablingThatWasCutShortIsTakenBackByTheNextWhereItDoesNotHold() {
        ScriptedWork cut = work();
        etcd.afterEnabling(cut::loseLock);
        assertThatThrownBy(() -> enable(cut)).isInstanceOf(PgHaException.class);
        etcd.hang("db-01");

        assertFails(this::enable).hasMessageContaining("it was disabled again");
        assertThat(etcd.enabled()).isFalse();
        assertThat(etcd.has(UNPROVEN)).isFalse();
    }

    @Test
    void itIsDisabledAndItsUsersGoWhenEveryPatroniWritesWithoutIt() throws Exception {
        enabledBefore();
        etcd.user("alice", "her own");

        ScriptedWork work = disable();

        assertThat(etcd.enabled()).isFalse();
        assertThat(etcd.passwords()).containsOnlyKeys("alice");
        assertThat(etcd.roles()).containsOnlyKeys("alice");
        List<String> changes = etcd.changes();
        assertThat(changes).first().isEqualTo("disable");
        assertThat(changes).containsSubsequence("lend db-03", "delete-user main", "delete-user root");
        assertThat(work.claims()).isEqualTo(changes.size());

        disable();
        assertThat(etcd.changes()).as("the other nodes' turns").isEqualTo(changes);
    }

    @Test
    void theUsersStayUntilEveryPatroniThatIsThereWritesWithoutAuthentication() throws Exception {
        enabledBefore();
        etcd.forget("db-01");
        etcd.hang("db-02");

        assertFails(this::disable).hasMessageContaining("Patroni of db-02 has not written for 0 s");
        assertThat(etcd.enabled()).isFalse();
        assertThat(etcd.passwords()).containsOnlyKeys("root", "main");

        etcd.patroni("db-02", PATRONIS);
        disable();
        assertThat(etcd.passwords()).isEmpty();
        assertThat(etcd.roles()).isEmpty();
    }

    @Test
    void disablingFinishesAnEnablingThatWasCutShort() throws Exception {
        ScriptedWork cut = work();
        etcd.afterEnabling(cut::loseLock);
        assertThatThrownBy(() -> enable(cut)).isInstanceOf(PgHaException.class);

        disable();

        assertThat(etcd.enabled()).isFalse();
        assertThat(etcd.has(UNPROVEN)).isFalse();
        assertThat(etcd.passwords()).isEmpty();
    }
}
