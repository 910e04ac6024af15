package io.pgha.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellQuoteTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "/etc/patroni/config.yml", "10.0.0.1:2379", "a@b,c+d-e_f"})
    void plainWordsStayAsTheyAre(String word) {
        assertThat(ShellQuote.quote(word)).isEqualTo(word);
    }

    @Test
    void otherWordsAreQuoted() {
        assertThat(ShellQuote.quote("")).isEqualTo("''");
        assertThat(ShellQuote.quote("a b")).isEqualTo("'a b'");
        assertThat(ShellQuote.quote("it's")).isEqualTo("'it'\\''s'");
        assertThat(ShellQuote.quote("~")).isEqualTo("'~'");
        assertThat(ShellQuote.quote("a=b")).isEqualTo("'a=b'");
        assertThat(ShellQuote.quote("ä")).isEqualTo("'ä'");
    }

    @Test
    void nulIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> ShellQuote.quote("a\0b"));
    }

    @Property(tries = 100)
    void shellSeesExactlyTheWords(@ForAll("wordLists") List<String> words) throws IOException, InterruptedException {
        List<String> quoted = words.stream().map(ShellQuote::quote).toList();
        assertThat(run(String.format("printf '%%s\\0' %s", String.join(" ", quoted))))
                .isEqualTo(String.join("\0", words) + "\0");
    }

    @Provide
    Arbitrary<List<String>> wordLists() {
        Arbitrary<String> tricky = Arbitraries.of(
                "'", "''", "\"", "\\", "\\'", "$(id)", "`id`", "${HOME}", "~", "*", "?", "[a]", "!", "#", "&", ";", "|",
                ">", "<", "\n", "\t", " ", "-n", "--", "%", "=", "a=b", "{a,b}", "\r\n", "😀", "\u007f", "\u0001");
        Arbitrary<String> any = Arbitraries.strings()
                .excludeChars('\0')
                .ofMaxLength(30)
                .filter(word -> word.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE));
        return Arbitraries.oneOf(tricky, any, tricky.list().ofMaxSize(4).map(parts -> String.join("", parts)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(20);
    }

    private static String run(String script) throws IOException, InterruptedException {
        // The script goes in by standard input, as it does over SSH; an argument would pass through the platform's
        // encoding.
        Process process =
                new ProcessBuilder("sh", "-s").redirectErrorStream(true).start();
        try {
            process.getOutputStream().write(script.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }
}
