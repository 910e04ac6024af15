package io.pgha.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptTest {
    @Test
    void valuesAreQuotedNumbersAndPartsAreNot() {
        assertThat(Script.of("mv {{from}} {{from}}.old; sleep {{time}}; {{then}} 'after {{time}} s' {{all}}")
                        .value("from", "/a b")
                        .value("time", 3)
                        .part("then", "echo $x \\1")
                        .words("all", List.of("c", "it's"))
                        .render())
                .isEqualTo("mv '/a b' '/a b'.old; sleep 3; echo $x \\1 'after 3 s' c 'it'\\''s'");
    }

    @Test
    void aFileHasQuotesOfItsOwn() {
        assertThat(Script.file("name = {{name}}", value -> '"' + value + '"')
                        .value("name", "a b")
                        .render())
                .isEqualTo("name = \"a b\"");
    }

    @Test
    void whatIsAlsoShellStaysAsItIs() {
        String shell = "{ { read -r a; } <b; }\nawk '{if (x) {print}}'; echo \"${a%${b}}\"";
        assertThat(Script.of(shell).render()).isEqualTo(shell);
    }

    @Test
    void aPlaceWithoutValueIsAMistake() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Script.of("{{a}} {{b}}").value("a", "x").render())
                .withMessageContaining("Places without a value: [{{b}}]");
    }

    @Test
    void aValueWithoutPlaceIsAMistake() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Script.of("{{a}}").value("a", "{{b}}").value("b", "x").render())
                .withMessageContaining("values without a place: [b]");
    }

    @Test
    void aValueIsGivenOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Script.of("{{a}}").value("a", 1).value("a", "x"))
                .withMessage("{{a}} was given twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{{", "{{ a }}", "{{A}}", "{{a}", "{{}}", "awk '{{print}'"})
    void bracesThatNameNothingAreAMistake(String template) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Script.of(template).render());
    }

    @Property(tries = 60)
    void theShellSeesExactlyTheValues(@ForAll("values") List<String> values) throws IOException, InterruptedException {
        String script = Script.of("printf '%s\\0' {{first}} {{second}} {{rest}} {{first}}")
                .value("first", values.get(0))
                .value("second", values.get(1))
                .words("rest", values)
                .render();
        assertThat(run(script))
                .isEqualTo(values.get(0) + "\0" + values.get(1) + "\0" + String.join("\0", values) + "\0"
                        + values.get(0) + "\0");
    }

    /** The places' own names, what replacements of regular expressions treat apart, and what a shell does. */
    @Provide
    Arbitrary<List<String>> values() {
        return Arbitraries.of(
                        "{{first}}",
                        "{{second}}",
                        "{{rest}}",
                        "{{",
                        "}}",
                        "first",
                        "$1",
                        "\\1",
                        "$0",
                        "\\",
                        "'",
                        "\"",
                        "$(id)",
                        "`id`",
                        "; rm -rf x",
                        "\n",
                        "*",
                        "~",
                        "%s",
                        " ",
                        "")
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(parts -> String.join("", parts))
                .list()
                .ofMinSize(2)
                .ofMaxSize(5);
    }

    private static String run(String script) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder("sh", "-s").redirectErrorStream(true).start();
        try {
            process.getOutputStream().write(script.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
