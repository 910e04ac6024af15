package io.pgha.patroni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgha.PgHaException;
import io.pgha.host.Probe;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.NodeRole;
import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.protocol.ClusterReader;
import io.pgha.patroni.internal.rest.Channel;
import io.pgha.patroni.internal.rest.Engine;
import io.pgha.patroni.internal.rest.Members;
import io.pgha.patroni.internal.rest.Rest;
import io.pgha.patroni.internal.rest.Tls;
import io.pgha.patroni.internal.server.MemberStatus;
import io.pgha.patroni.internal.text.ConfigMerge;
import io.pgha.patroni.internal.work.ConfigChange;
import io.pgha.patroni.internal.work.ReadyWork;
import io.pgha.patroni.internal.work.RestartWork;
import io.pgha.patroni.internal.work.ServerReload;
import io.pgha.run.MaintenanceGate;
import io.pgha.run.WhenClosed;
import io.pgha.secret.Secret;
import io.pgha.testing.FixedPlanContext;
import io.pgha.testing.ScriptedHosts;
import io.pgha.testing.ScriptedWork;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the component does by conversation with the members: pg2 is the own one. */
class WorkTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WANTED = "{\"ttl\": 30, \"loop_wait\": 1}";

    private final ClusterConfig config = ClusterConfig.builder()
            .name("main")
            .topology(t -> t.node("pg1", "10.0.0.1", NodeRole.POSTGRES, NodeRole.ETCD)
                    .node("pg2", "10.0.0.2", NodeRole.POSTGRES, NodeRole.ETCD)
                    .node("pg3", "10.0.0.3", NodeRole.POSTGRES, NodeRole.ETCD))
            .patroni(p -> p.loopWait(Duration.ofSeconds(1)))
            .build();
    private final Node own = config.node("pg2");
    private final ScriptedHosts hosts = new ScriptedHosts(config, "trixie");
    private final ScriptedWork context = new ScriptedWork(hosts, own, UnaryOperator.identity());
    private final FakeCluster cluster = new FakeCluster("4.0.7");
    private final Engine engine = Engine.own();

    @AfterEach
    void stop() throws IOException {
        engine.release().run();
        cluster.close();
    }

    private Access access() {
        PatroniClientOptions.Builder builder = PatroniClientOptions.builder()
                .trust(cluster.identity.certificatePem())
                .basicAuth("patroni", Secret.of("s3cret"));
        for (String name : List.of("pg2", "pg1", "pg3")) {
            builder.endpoint(cluster.server(name).url());
        }
        PatroniClientOptions options = builder.build();
        Tls tls = Tls.of(options);
        Rest rest =
                new Rest(options, new Members(options, at -> new Channel(at, options, tls, engine)), context::claim);
        return new Access(
                rest,
                new ClusterReader(rest, FakeCluster.FAST),
                FakeCluster.FAST,
                MaintenanceGate.open().pass("A step", WhenClosed.refuse()));
    }

    private void takesChanges() {
        cluster.on("PATCH /config", (request, socket) -> {
            cluster.config(WANTED);
            ScriptedPatroni.json("{}").answer(request, socket);
        });
    }

    private static ObjectNode missing(String json) {
        try {
            ObjectNode wanted = (ObjectNode) JSON.readTree(WANTED);
            return ConfigMerge.holds(JSON.readTree(json), wanted) ? JSON.createObjectNode() : wanted;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private final ConfigChange change = new ConfigChange(WorkTest::missing);

    /** What the members were told to change, in order. */
    private List<String> patches() {
        List<String> all = new ArrayList<>();
        for (String name : List.of("pg1", "pg2", "pg3")) {
            cluster.server(name).received().stream()
                    .filter(request -> request.method().equals("PATCH"))
                    .map(request -> name + " " + request.body())
                    .forEach(all::add);
        }
        return all;
    }

    @Test
    void onlyTheOwnMemberIsAskedWhereItTakesTheChange() throws Exception {
        takesChanges();
        change.make(access(), context);

        assertThat(patches()).containsExactly("pg2 {\"ttl\":30,\"loop_wait\":1}");
        assertThat(context.claims()).isEqualTo(1);
    }

    @Test
    void nothingIsSentWhereNothingIsMissing() throws Exception {
        cluster.config(WANTED);
        change.make(access(), context);

        assertThat(patches()).isEmpty();
        assertThat(context.claims()).isZero();
    }

    @Test
    void withoutTheLockNothingIsSent() {
        takesChanges();
        context.loseLock();

        assertThatThrownBy(() -> change.make(access(), context))
                .isInstanceOfSatisfying(
                        PgHaException.class, e -> assertThat(e.code()).isEqualTo("run.lock-lost"));
        assertThat(patches()).isEmpty();
    }

    /** It has just written the key itself, or its etcd is away for a moment. */
    @Test
    void aMemberThatCannotTakeItNowIsAskedAgain() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        cluster.on("PATCH /config", (request, socket) -> {
            boolean taken = asked.incrementAndGet() > 4;
            if (taken) {
                cluster.config(WANTED);
            }
            (taken ? ScriptedPatroni.json("{}") : ScriptedPatroni.text(409, "conflict")).answer(request, socket);
        });
        change.make(access(), context);

        assertThat(asked.get()).isEqualTo(5);
        assertThat(patches()).hasSize(5).contains("pg1 {\"ttl\":30,\"loop_wait\":1}");
    }

    @Test
    void whatPatroniCallsNonsenseIsNotSentAgain() {
        cluster.on("PATCH /config", ScriptedPatroni.text(400, "Bad request"));

        assertThatThrownBy(() -> change.make(access(), context))
                .hasMessageContaining("Patroni answered 400")
                .isInstanceOfSatisfying(
                        PgHaException.class, e -> assertThat(e.code()).isEqualTo("run.step-failed"));
        assertThat(patches()).hasSize(1);
    }

    /** Another member has taken it; the own one sees it in its next round, and nothing is sent twice meanwhile. */
    @Test
    void theOwnMemberIsWaitedFor() throws Exception {
        cluster.server("pg2").on("PATCH /config", ScriptedPatroni.text(409, "conflict"));
        AtomicInteger looks = new AtomicInteger();
        cluster.server("pg1").on("PATCH /config", ScriptedPatroni.json("{}"));
        cluster.server("pg2")
                .on(
                        "GET /config",
                        (request, socket) -> ScriptedPatroni.json(
                                        looks.incrementAndGet() < 4 ? "{\"ttl\": 20}" : WANTED)
                                .answer(request, socket));
        change.make(access(), context);

        assertThat(looks.get()).isEqualTo(4);
        assertThat(patches()).hasSize(2);
    }

    private void state(String name, String state) {
        cluster.status(
                name,
                "{\"state\": \"" + state
                        + "\", \"role\": \"replica\", \"patroni\": {\"version\": \"4.0.7\", \"scope\": \"main\"}}");
    }

    @Test
    void whileAReplicaCopiesTheOthersAreWokenOnceToMakeItsSlot() throws Exception {
        takesChanges();
        AtomicInteger looks = new AtomicInteger();
        cluster.server("pg2").on("GET /patroni", (request, socket) -> {
            state("pg2", looks.incrementAndGet() < 4 ? "creating replica" : "running");
            ScriptedPatroni.json(cluster.status("pg2")).answer(request, socket);
        });
        new ReadyWork("/srv/data").await(access(), context);

        assertThat(looks.get()).isEqualTo(4);
        assertThat(patches()).containsExactlyInAnyOrder("pg1 {\"pgha-wake\":null}", "pg3 {\"pgha-wake\":null}");
    }

    @Test
    void aMemberThatIsUpIsNotWaitedFor() throws Exception {
        new ReadyWork("/srv/data").await(access(), context);
        assertThat(patches()).isEmpty();
    }

    private final FixedPlanContext plan = new FixedPlanContext(config, "trixie");
    private final Probe status = new Probe("status", "ask", "000");

    private RestartWork restart() {
        return new RestartWork(status, new ServerReload(plan, own), MemberStatus::pendingRestart);
    }

    /** What the own host says of its Patroni and PostgreSQL. */
    private void says(boolean patroni, String... postgres) {
        String pending = Stream.of(postgres).map(name -> "\"" + name + "\"").collect(Collectors.joining(", "));
        hosts.answer(
                "pg2",
                "status",
                "200\n{\"state\": \"running\"" + (patroni ? ", \"pending_restart\": true" : "") + "}\nPostgreSQL: "
                        + (postgres.length == 0 ? "" : "{\"pending\": [" + pending + "]}") + "\n");
    }

    /** Patroni makes its rounds, and PostgreSQL reads its files when it is told to. */
    private PatroniRules running() {
        PatroniRules rules = new PatroniRules(cluster);
        goesRound();
        hosts.answer("pg2", "postgres:loaded", "09:00");
        rules.afterReload(() -> hosts.answer("pg2", "postgres:loaded", "09:01"));
        return rules;
    }

    /** Each look at the own member finds it in its next round. */
    private void goesRound() {
        AtomicInteger round = new AtomicInteger();
        cluster.server("pg2")
                .on(
                        "GET /patroni",
                        (request, socket) -> answerSeen(round.incrementAndGet()).answer(request, socket));
    }

    private ScriptedPatroni.Behaviour answerSeen(int round) {
        return ScriptedPatroni.json(
                cluster.status("pg2").replaceFirst("\"dcs_last_seen\": ?\\d+", "\"dcs_last_seen\": " + round));
    }

    private static List<String> restarts(PatroniRules rules) {
        return rules.commands().stream()
                .filter(command -> command.contains("POST /restart"))
                .toList();
    }

    @Test
    void aRestartThatPatroniKnowsOfIsAskedForOnItsConditionBehindAReload() throws Exception {
        PatroniRules rules = running().pending("pg2", "{}");
        rules.afterRestart(() -> says(false));
        says(true);
        restart().restart(access(), context);

        assertThat(rules.commands())
                .containsExactly(
                        "pg2 POST /reload {}",
                        "pg2 PATCH /config {\"pgha-wake\":null}",
                        "pg2 POST /restart {\"restart_pending\":true}");
        assertThat(context.claims()).isEqualTo(3);
    }

    /** Its PostgreSQL knows of it, and so does its host's answer. */
    @Test
    void aRestartThatOnlyPostgresKnowsOfIsAskedForWithoutCondition() throws Exception {
        PatroniRules rules = running();
        rules.afterRestart(() -> says(false));
        says(true);
        restart().restart(access(), context);

        assertThat(restarts(rules)).containsExactly("pg2 POST /restart {}");
    }

    /** Its superuser has another name, so that PostgreSQL cannot be asked. */
    @Test
    void aRestartThatNobodyKnowsOfShowsAfterAReload() throws Exception {
        PatroniRules rules = new PatroniRules(cluster).missed("pg2");
        goesRound();
        rules.afterReload(() -> says(true));
        rules.afterRestart(() -> says(false));
        says(false);
        restart().restart(access(), context);

        assertThat(restarts(rules)).singleElement().asString().startsWith("pg2 POST /restart ");
    }

    /** PostgreSQL reads its files in the middle of what Patroni does in a reload. */
    @Test
    void nobodyRestartsBeforePatroniIsDoneWithItsReload() throws Exception {
        PatroniRules rules = new PatroniRules(cluster).pending("pg2", "{}");
        List<Integer> restarts = new ArrayList<>();
        rules.afterReload(() -> hosts.answer("pg2", "postgres:loaded", "09:01"));
        rules.afterRestart(() -> says(false));
        says(true);
        hosts.answer("pg2", "postgres:loaded", "09:00");
        cluster.server("pg2").on("GET /patroni", (request, socket) -> {
            restarts.add(restarts(rules).size());
            answerSeen(restarts.size() < 5 ? 1 : 2).answer(request, socket);
        });
        restart().restart(access(), context);

        assertThat(restarts).startsWith(0, 0, 0, 0, 0);
        assertThat(restarts(rules)).hasSize(1);
    }

    @Test
    void nobodyRestartsBeforePostgresHasReadItsFiles() throws Exception {
        PatroniRules rules = new PatroniRules(cluster).pending("pg2", "{}");
        List<Integer> restarts = new ArrayList<>();
        rules.afterRestart(() -> says(false));
        says(true);
        goesRound();
        hosts.answer("pg2", "postgres:loaded", () -> {
            restarts.add(restarts(rules).size());
            return restarts.size() < 5 ? "09:00" : "09:01";
        });
        restart().restart(access(), context);

        assertThat(restarts).containsExactly(0, 0, 0, 0, 0);
        assertThat(restarts(rules)).hasSize(1);
    }

    @Test
    void whatIsSaidOfTheServerThatIsNoMoreIsDoubted() throws Exception {
        PatroniRules rules = running().pending("pg2", "{}");
        rules.afterReload(() -> {
            hosts.answer("pg2", "postgres:loaded", "09:02");
            says(false);
        });
        says(true);
        restart().restart(access(), context);

        assertThat(rules.commands())
                .filteredOn(command -> !command.contains("PATCH"))
                .containsExactly(
                        "pg2 POST /reload {}", "pg2 POST /restart {\"restart_pending\":true}", "pg2 POST /reload {}");
    }

    /** Somebody else's reload came in between; PostgreSQL says so itself. */
    @Test
    void aServerThatStartedWithHalfAConfigurationIsRestartedOnceMore() throws Exception {
        PatroniRules rules = running().pending("pg2", "{}");
        rules.afterReload(() -> hosts.answer("pg2", "postgres:loaded", "09:02"));
        rules.afterRestart(() -> says(false, "logging_collector")).afterRestart(() -> says(false));
        says(true);
        restart().restart(access(), context);

        assertThat(restarts(rules)).hasSize(2);
        assertThat(context.said()).singleElement().asString().contains("restarted once more");
    }

    /** What Patroni alone says may be so for ever, and each restart is felt. */
    @Test
    void whatPatroniAloneSaysIsNoReasonForAnotherRestart() {
        PatroniRules rules = running().pending("pg2", "{}");
        rules.afterReload(() -> hosts.answer("pg2", "postgres:loaded", "09:02"));
        says(true);

        assertThatThrownBy(() -> restart().restart(access(), context))
                .hasMessageContaining("a restart is still pending")
                .hasMessageContaining("restarted successfully");
        assertThat(restarts(rules)).hasSize(1);
    }

    @Test
    void aMemberThatCannotHaveItYetIsNotRestarted() throws Exception {
        PatroniRules rules = running().pending("pg2", "{}");
        says(true);
        new RestartWork(status, new ServerReload(plan, own), any -> false).restart(access(), context);

        assertThat(restarts(rules)).isEmpty();
    }

    @Test
    void nothingIsRestartedWhereTheReloadShowsNothing() throws Exception {
        PatroniRules rules = running();
        says(false);
        restart().restart(access(), context);

        assertThat(restarts(rules)).isEmpty();
    }

    @Test
    void aRestartThatFailsTellsWhyWithTheLogs() {
        running();
        cluster.on("POST /restart", ScriptedPatroni.text(500, "postgres is not running"));
        says(true);

        assertThatThrownBy(() -> restart().restart(access(), context))
                .hasMessageContaining("postgres is not running")
                .isInstanceOfSatisfying(
                        PgHaException.class, e -> assertThat(e.code()).isEqualTo("run.step-failed"));
        assertThat(hosts.commands()).singleElement().asString().contains("journalctl -u patroni");
    }
}
