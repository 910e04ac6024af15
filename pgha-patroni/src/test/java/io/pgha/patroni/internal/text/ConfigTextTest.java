package io.pgha.patroni.internal.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgha.model.InvalidConfigException;
import io.pgha.patroni.config.ConfigEdit;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{postgresql: {parameters: {recovery_target_time: 2027-01-01 10:00:00}}} "
                        + "| postgresql.parameters.recovery_target_time is a date or time",
                "{tags: [a, 2027-01-01]} | tags[1] is a date or time",
                "{x: !!binary YQ==} | x is binary data",
                "{x: !!set {a, b}} | x is a set",
                "{x: .nan} | x is no finite number",
                "2027-01-01 | The configuration is a date or time",
            })
    void namesTheKeyWhoseValueYamlTakesForSomethingElse(String yaml, String what) {
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> ConfigText.read(yaml))
                .withMessageContaining(what)
                .withMessageContaining("in quotes");
    }

    @Test
    void anAliasWithinWhatItNamesIsRefused() {
        for (String yaml : new String[] {"a: &x {b: *x}", "a: &x [1, *x]", "a: {b: &y [*y]}", "'': &x {'': *x}"}) {
            assertThatExceptionOfType(InvalidConfigException.class)
                    .as(yaml)
                    .isThrownBy(() -> ConfigText.read(yaml))
                    .withMessageContaining("without an end");
        }
    }

    @Test
    void anAliasBesideWhatItNamesIsTaken() {
        assertThat(ConfigText.read("{a: &x {b: [1]}, c: *x, d: [*x, *x]}").toString())
                .isEqualTo("{\"a\":{\"b\":[1]},\"c\":{\"b\":[1]},\"d\":[{\"b\":[1]},{\"b\":[1]}]}");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> ConfigEdit.builder().apply(Path.of("/no/such/patch.yaml")))
                .withMessageContaining("/no/such/patch.yaml");
    }

    @Test
    void aDateInQuotesIsText() {
        assertThat(ConfigText.read("{x: '2027-01-01'}").path("x").asText()).isEqualTo("2027-01-01");
    }
}
