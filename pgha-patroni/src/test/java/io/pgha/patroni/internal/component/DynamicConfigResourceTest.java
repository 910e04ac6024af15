package io.pgha.patroni.internal.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgha.model.ClusterConfig;
import io.pgha.patroni.internal.settings.DynamicSettings;
import io.pgha.patroni.internal.settings.DynamicSettings.Moment;
import io.pgha.patroni.internal.settings.WantedConfig;
import io.pgha.patroni.internal.work.RestWork;
import io.pgha.plan.Change;
import io.pgha.plan.Impact;
import io.pgha.spi.Notification;
import io.pgha.spi.Observation;
import io.pgha.spi.PlanContext;
import io.pgha.testing.FixedPlanContext;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DynamicConfigResourceTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PlanContext context = context(Clusters.colocated(3));
    private final DynamicConfigResource reload = resource(context, Moment.RELOAD);
    private final DynamicConfigResource restart = resource(context, Moment.RESTART);

    @Test
    void whatBootstrapWroteIsAsWanted() {
        assertThat(diff(reload, asBootstrapped())).isEmpty();
        assertThat(diff(restart, asBootstrapped())).isEmpty();
    }

    @Test
    void aClusterThatDoesNotAnswerHasNothingToCompare() {
        assertThat(reload.diff(Observation.of("000"))).isEmpty();
        assertThat(restart.diff(Observation.of("503\n<html>"))).isEmpty();
        assertThat(reload.diff(Observation.of(reload.probe().bare()))).isEmpty();
    }

    @Test
    void aChangedKeyIsShownAndOnlyItIsSent() throws JsonProcessingException {
        ObjectNode found = asBootstrapped();
        found.put("ttl", 60);
        ((ObjectNode) found.at("/postgresql/parameters")).put("work_mem", "4MB");

        Change change = diff(reload, found).orElseThrow();

        assertThat(change.reason()).isEqualTo("ttl, work_mem differ");
        assertThat(change.impact()).isEqualTo(Impact.RELOAD);
        assertThat(change.diff().orElseThrow().unified()).isEqualTo("""
                        -ttl: 60
                        +ttl: 30
                        -postgresql.parameters.work_mem: 4MB
                        +postgresql.parameters.work_mem: 16MB""");
        assertThat(patch(context, Moment.RELOAD, found))
                .isEqualTo(JSON.readTree("{\"ttl\":30,\"postgresql\":{\"parameters\":{\"work_mem\":\"16MB\"}}}"));
        assertThat(diff(restart, found)).isEmpty();
    }

    @Test
    void whatNeedsARestartAsksForItOnEveryMember() throws JsonProcessingException {
        ObjectNode found = asBootstrapped();
        ((ObjectNode) found.at("/postgresql/parameters")).put("max_connections", 100);

        assertThat(diff(reload, found)).isEmpty();
        assertThat(diff(restart, found).orElseThrow().reason()).isEqualTo("max_connections differs");
        assertThat(patch(context, Moment.RESTART, found))
                .isEqualTo(JSON.readTree("{\"postgresql\":{\"parameters\":{\"max_connections\":200}}}"));
        assertThat(restart.notifies())
                .extracting(Notification::resourceId, Notification::reach)
                .containsExactly(
                        tuple("patroni:pending-restart", Notification.Reach.CLUSTER),
                        tuple("patroni:pending-restart-behind-leader", Notification.Reach.CLUSTER),
                        tuple("patroni:in-force", Notification.Reach.CLUSTER));
        assertThat(reload.notifies()).extracting(Notification::resourceId).containsExactly("patroni:in-force");
    }

    @Test
    void aParameterThatLeftTheConfigurationIsRemoved() throws JsonProcessingException {
        ObjectNode found =
                JSON.valueToTree(DynamicSettings.of(context(Clusters.colocated(3, pg -> pg.parameter("jit", false))))
                        .tree());

        assertThat(diff(reload, found).orElseThrow().diff().orElseThrow().unified())
                .isEqualTo("-postgresql.parameters.jit: off");
        JsonNode patch = patch(context, Moment.RELOAD, found);
        assertThat(patch.at("/postgresql/parameters").toString()).isEqualTo("{\"jit\":null}");
        assertThat(patch.at("/pgha/parameters").toString()).doesNotContain("jit");
    }

    @Test
    void whatSomebodySetByHandStays() {
        ObjectNode found = asBootstrapped();
        ((ObjectNode) found.at("/postgresql/parameters")).put("jit", "off");
        found.put("pause", true);
        found.putObject("slots").putObject("mine").put("type", "physical");

        assertThat(diff(reload, found)).isEmpty();
        assertThat(diff(restart, found)).isEmpty();
    }

    @Test
    void aParameterThatMovesToTheOtherPartIsNotRemoved() {
        ObjectNode found = asBootstrapped();
        ((ArrayNode) found.at("/pgha/parameters")).add("max_connections");

        assertThat(patch(context, Moment.RELOAD, found).has("postgresql")).isFalse();
    }

    @Test
    void whatPatroniTakesForEqualIsEqual() {
        ObjectNode found = asBootstrapped();
        found.put("ttl", "30");
        found.put("failsafe_mode", "True");
        ((ObjectNode) found.at("/postgresql/parameters")).put("random_page_cost", "1.1");

        assertThat(diff(reload, found)).isEmpty();
    }

    @Test
    void theSameParametersWrittenOtherwiseChangeNothing() {
        ObjectNode found = asBootstrapped();
        ObjectNode parameters = (ObjectNode) found.at("/postgresql/parameters");
        parameters.put("wal_level", "Replica").put("wal_log_hints", true).put("logging_collector", "yes");
        parameters.put("work_mem", "16384kB").put("checkpoint_timeout", 900);

        assertThat(diff(reload, found)).isEmpty();
        assertThat(diff(restart, found)).isEmpty();
        assertThat(diff(restart, found.deepCopy().put("ttl", 1))).isEmpty();
        assertThat(WantedConfig.of(context, Moment.RESTART).agrees(found.toString()))
                .isTrue();
    }

    @Test
    void aParameterOfAnExtensionIsToldByItsWholeName() {
        PlanContext extended = context(Clusters.colocated(1, pg -> pg.parameter("pg_stat_statements.max", 5000)));
        DynamicConfigResource resource = resource(extended, Moment.RELOAD);
        ObjectNode found = JSON.valueToTree(DynamicSettings.of(extended).tree());
        ((ObjectNode) found.at("/postgresql/parameters")).put("pg_stat_statements.max", 1000);

        assertThat(diff(resource, found).orElseThrow().reason()).isEqualTo("pg_stat_statements.max differs");
    }

    @Test
    void theOrderOfHbaLinesCounts() {
        ObjectNode found = asBootstrapped();
        ArrayNode lines = (ArrayNode) found.at("/postgresql/pg_hba");
        lines.add(lines.remove(0));

        assertThat(diff(reload, found)).isPresent();
        assertThat(patch(context, Moment.RELOAD, found).at("/postgresql/pg_hba"))
                .hasSize(lines.size());
    }

    @Test
    void anEmptyOrBrokenConfigurationIsFilled() {
        assertThat(diff(reload, JSON.createObjectNode())).isPresent();
        assertThat(reload.diff(Observation.of("200\nnot json"))).isPresent();
        ObjectNode strange = JSON.createObjectNode().put("postgresql", "x");
        assertThat(patch(context, Moment.RELOAD, strange)
                        .at("/postgresql/use_slots")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void afterTheStepAllIsAsWanted() {
        assertThat(restart.diff(
                        Observation.of(restart.act(Observation.of("000")).leaves())))
                .isEmpty();
    }

    @Test
    void thePatchIsAsciiSoThatItsLengthIsPlain() {
        PlanContext hostile =
                context(Clusters.colocated(1, pg -> pg.parameter("app.name", "caf\u00e9 \ud83d\ude00 'x' $(id)")));
        String sent = WantedConfig.json(WantedConfig.of(hostile, Moment.RELOAD).missing("{}"));

        assertThat(sent).matches(text -> text.chars().allMatch(c -> c < 0x80), "is ASCII");
        assertThat(patch(hostile, Moment.RELOAD, JSON.createObjectNode())
                        .at("/postgresql/parameters/app.name")
                        .asText())
                .isEqualTo("caf\u00e9 \ud83d\ude00 'x' $(id)");
    }

    @Test
    void aSecretIsSeenToChangeOnly() {
        PlanContext wanted = context(Clusters.colocated(
                3,
                pg -> pg.parameter("app.api_token", "NEW $& 1")
                        .parameter("archive_command", "PGPASSWORD='NEW 2' push %p")
                        .pgHba("host all all 10.0.0.0/8 ldap ldapserver=h ldapbasedn=x ldapbindpasswd=\"NEW 3\"")
                        .pgHba("host all all 10.1.0.0/16 radius radiusservers=a radiussecrets=NEW4")));
        ObjectNode found = JSON.valueToTree(DynamicSettings.of(wanted).tree());
        found.withObject("/postgresql/parameters")
                .put("app.api_token", "OLD 1")
                .put("archive_command", "PGPASSWORD=OLD2 push %p");
        ArrayNode lines = (ArrayNode) found.at("/postgresql/pg_hba");
        lines.set(0, "host all all 10.0.0.0/8 ldap ldapserver=h ldapbasedn=x ldapbindpasswd=OLD3");

        Change change = diff(resource(wanted, Moment.RELOAD), found).orElseThrow();

        assertThat(change.diff().orElseThrow().unified()).isEqualTo("""
                        -postgresql.pg_hba: host all all 10.0.0.0/8 ldap ldapserver=h ldapbasedn=x ldapbindpasswd=****
                        +postgresql.pg_hba: host all all 10.0.0.0/8 ldap ldapserver=h ldapbasedn=x ldapbindpasswd=**** (changed)
                        -postgresql.parameters.app.api_token: ****
                        +postgresql.parameters.app.api_token: **** (changed)
                        -postgresql.parameters.archive_command: PGPASSWORD=**** push %p
                        +postgresql.parameters.archive_command: PGPASSWORD=**** (changed) push %p""");
        assertThat(diff(resource(wanted, Moment.RELOAD), JSON.createObjectNode())
                        .toString())
                .doesNotContain("NEW");
    }

    /** A rehearsal goes on with what Patroni would have. */
    @Test
    void whatAStepLeavesKeepsWhatIsNotPghas() throws JsonProcessingException {
        ObjectNode found = asBootstrapped();
        found.put("ttl", 60).put("somebody", "else");
        ((ObjectNode) found.at("/postgresql/parameters"))
                .put("max_connections", 7)
                .put("seq_page_cost", 2);
        String leaves = reload.act(Observation.of("200\n" + found)).leaves();

        assertThat(reload.diff(Observation.of(leaves))).isEmpty();
        assertThat(restart.diff(Observation.of(leaves)).orElseThrow().reason()).isEqualTo("max_connections differs");
        JsonNode left = JSON.readTree(leaves.substring(4));
        assertThat(left.path("somebody").asText()).isEqualTo("else");
        assertThat(left.at("/postgresql/parameters/seq_page_cost").asInt()).isEqualTo(2);
    }

    private static PlanContext context(ClusterConfig config) {
        return new FixedPlanContext(config, "bookworm");
    }

    private ObjectNode asBootstrapped() {
        return JSON.valueToTree(DynamicSettings.of(context).tree());
    }

    private static Optional<Change> diff(DynamicConfigResource resource, JsonNode found) {
        return resource.diff(Observation.of("200\n" + found));
    }

    private static DynamicConfigResource resource(PlanContext context, Moment moment) {
        return new DynamicConfigResource(
                context, context.config().postgresNodes().get(0), moment, RestWork.of(context));
    }

    private static JsonNode patch(PlanContext context, Moment moment, JsonNode found) {
        String patch = WantedConfig.json(WantedConfig.of(context, moment).missing(found.toString()));
        try {
            return JSON.readTree(patch);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
