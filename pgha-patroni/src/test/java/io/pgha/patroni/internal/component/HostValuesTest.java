package io.pgha.patroni.internal.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.Problem;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.spi.PlanContext;
import io.pgha.spi.PreflightRule;
import io.pgha.testing.FixedPlanContext;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostValuesTest {
    private static List<PreflightRule> rules(String parameter, Object value) {
        return rules(Clusters.colocated(1, pg -> pg.parameter(parameter, value)));
    }

    private static List<PreflightRule> rules(ClusterConfig config) {
        PlanContext context = new FixedPlanContext(config, "trixie");
        Node node = config.postgresNodes().get(0);
        return HostValues.of(context, node);
    }

    private static PreflightRule rule(List<PreflightRule> rules, String id) {
        return rules.stream()
                .filter(rule -> rule.probe().id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static Optional<Problem> stack(Object value, String answer) {
        return rule(rules("Max_Stack_Depth", value), "patroni:stack").judge().apply(answer);
    }

    @Test
    void theLocalesOfParametersMustBeThere() {
        PreflightRule rule = rule(
                rules(Clusters.colocated(
                        1, pg -> pg.parameter("LC_Monetary", "de_DE.UTF-8").parameter("lc_time", "C"))),
                "patroni:locale");

        assertThat(rule.judge().apply("C\nC.utf8\nPOSIX").orElseThrow().message())
                .isEqualTo("The locale de_DE.UTF-8 of postgres.parameters.LC_Monetary does not exist");
        assertThat(rule.judge().apply("C\nC.utf8\nPOSIX\nde_DE.utf8")).isEmpty();
        assertThat(rule.judge().apply(rule.probe().bare())).isEmpty();
    }

    @Test
    void localesAreComparedAsGlibcDoes() {
        PreflightRule rule = rule(rules(Clusters.colocated(1, pg -> pg.locale("de_DE.UTF-8"))), "patroni:locale");

        assertThat(rule.judge().apply("C\nC.utf8\nPOSIX")).isPresent();
        assertThat(rule.judge().apply("C\nde_DE.utf8")).isEmpty();
    }

    @Test
    void nothingMoreIsAskedWhereNothingDependsOnTheHost() {
        assertThat(rules("work_mem", "16MB")).hasSize(1);
        assertThat(rules("timezone_abbreviations", "India")).hasSize(1);
    }

    @Test
    void aFileWithAbbreviationsMustBeThere() {
        PreflightRule rule = rule(rules("Timezone_Abbreviations", "Ours"), "patroni:abbreviations");

        assertThat(rule.probe().script()).contains("/usr/share/postgresql/17/timezonesets/Ours");
        assertThat(rule.judge().apply("")).isEmpty();
        assertThat(rule.judge().apply("missing")).hasValueSatisfying(problem -> {
            assertThat(problem.code()).isEqualTo("preflight.timezone-abbreviations");
            assertThat(problem.remedy()).startsWith("Take one of Australia, Default, India, or");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"7680kB", "7680", "7MB", "100kB"})
    void aStackThatTheHostGivesIsTaken(String value) {
        assertThat(stack(value, "8388608")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"7681kB, 8388608, 7680kB", "8MB, 8388608, 7680kB", "1GB, 67108864, 65024kB"})
    void aStackThatTheHostDoesNotGiveIsRefused(String value, String answer, String most) {
        assertThat(stack(value, answer)).hasValueSatisfying(problem -> {
            assertThat(problem.code()).isEqualTo("preflight.stack-depth");
            assertThat(problem.remedy()).startsWith("Set it to " + most + " or less");
        });
    }

    @Test
    void aStackWithoutALimitTakesAll() {
        assertThat(stack("1GB", "infinity")).isEmpty();
        assertThat(stack(1_000_000, "")).isEmpty();
    }
}
