package io.pgha.patroni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.PgHaException;
import io.pgha.host.Probe;
import io.pgha.patroni.internal.server.MemberStatus;
import io.pgha.patroni.internal.work.RestartWork;
import io.pgha.patroni.internal.work.ServerReload;
import io.pgha.testing.FixedPlanContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A step that restarts its member's PostgreSQL. */
class RestartWorkTest extends AtMember {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofSeconds(1);

    private final FixedPlanContext plan = new FixedPlanContext(config, "trixie");
    private final Probe status = new Probe("status", "ask", "000");

    private RestartWork restart() {
        return restart(PATIENCE);
    }

    private RestartWork restart(Duration patience) {
        return new RestartWork(status, new ServerReload(plan, own), MemberStatus::pendingRestart, patience);
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
        new RestartWork(status, new ServerReload(plan, own), any -> false, PATIENCE).restart(access(), context);

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

    @Test
    void aKnownRestartIsNotKeptFromAMemberThatDoesNotReload() throws Exception {
        PatroniRules rules = new PatroniRules(cluster).pending("pg2", "{}");
        goesRound();
        hosts.answer("pg2", "postgres:loaded", "09:00");
        rules.afterRestart(() -> says(false));
        says(true);
        restart(SHORT).restart(access(), context);

        assertThat(restarts(rules)).hasSize(1);
        assertThat(context.said())
                .singleElement()
                .asString()
                .contains("PostgreSQL has not read its configuration again", "reload scheduled", "all the same");
    }

    @Test
    void whereNothingIsPendingAReloadThatDoesNotComeIsAFailure() {
        PatroniRules rules = new PatroniRules(cluster);
        rules.afterReload(() -> hosts.answer("pg2", "postgres:loaded", "09:01"));
        hosts.answer("pg2", "postgres:loaded", "09:00");
        says(false);

        assertThatThrownBy(() -> restart(SHORT).restart(access(), context))
                .hasMessageContaining("Patroni has not begun another round within 1 s");
        assertThat(restarts(rules)).isEmpty();
    }
}
