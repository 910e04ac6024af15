package io.pgha.patroni.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Patroni makes of a patch, and what it takes for the same. */
class ConfigMergeTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static ObjectNode object(String text) {
        return (ObjectNode) json(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10           | \"10\"",
                "true         | \"True\"",
                "[1, \"a\"]   | [\"1\", \"a\"]",
                "{\"a\": 1, \"b\": [true]} | {\"b\": [\"True\"], \"a\": \"1\"}",
            })
    void whatPythonPrintsAlikeIsTheSame(String one, String other) {
        assertThat(ConfigMerge.same(json(one), json(other))).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"true | \"true\"", "[1] | \"[1]\"", "{} | \"{}\"", "{} | []", "10 | 10.0", "null | \"\""})
    void whatItPrintsOtherwiseOrIsOfAnotherKindIsNot(String one, String other) {
        assertThat(ConfigMerge.same(json(one), json(other))).isFalse();
    }

    @Test
    void whatIsNotThereIsLikeNothing() {
        assertThat(ConfigMerge.holds(object("{}"), object("{'note': 'missing'}")))
                .isFalse();
        assertThat(ConfigMerge.holds(object("{}"), object("{'note': ''}"))).isFalse();
        assertThat(ConfigMerge.holds(object("{}"), object("{'note': null}"))).isTrue();
    }

    @Test
    void aPatchMakesOneTheOther() {
        ObjectNode before =
                object("{'ttl': 30, 'postgresql': {'parameters': {'work_mem': '8MB', 'jit': true}}, 'a': {}}");
        ObjectNode after = object("{'ttl': '30', 'postgresql': {'parameters': {'work_mem': '9MB'}}}");
        ObjectNode patch = ConfigMerge.patch(before, after);

        assertThat(patch)
                .isEqualTo(object("{'a': null, 'postgresql': {'parameters': {'jit': null, 'work_mem': '9MB'}}}"));
        assertThat(ConfigMerge.paths(patch))
                .containsExactly("a", "postgresql.parameters.jit", "postgresql.parameters.work_mem");
        ConfigMerge.apply(before, patch);
        assertThat(ConfigMerge.patch(before, after).isEmpty()).isTrue();
        assertThat(ConfigMerge.holds(before, patch)).isTrue();
    }
}
