package io.pgha.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.PgHaException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTest {
    private static final Secret AWKWARD = Secret.of("it's \"5$\" & é\\n");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "it's \"5$\" & é\\n",
                "it'\\''s \"5$\" & é\\n",
                "it'\"'\"'s \"5$\" & é\\n",
                "it''s \"5$\" & é\\n",
                "it's \\\"5$\\\" & \\u00e9\\\\n",
                "it's \\\"5\\$\\\" & \\xC3\\xA9\\\\n",
                "it\\'s\\ \\\"5\\$\\\"\\ \\&\\ \\303\\251\\\\n",
                "it%27s+%225%24%22+%26+%C3%A9%5Cn",
                "it%27s%20%225%24%22%20%26%20%c3%a9%5cn",
                "it&#39;s &quot;5$&quot; &amp; &#233;\\n",
                "it's \\\"5$\\\" & \\xe9\\\\n",
                "it's \\\"5$\\\" & \\U000000E9\\\\n",
            })
    void isCoveredHoweverItIsSpelled(String spelling) {
        assertThat(AWKWARD.coveredIn("line 3: stats auth 'admin:" + spelling + "' is odd"))
                .isEqualTo("line 3: stats auth 'admin:****' is odd");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "emoji\uD83D\uDE00pass",
                "emoji\\U0001f600pass",
                "emoji\\U0001F600pass",
                "emoji\\ud83d\\ude00pass",
                "emoji\\xf0\\x9f\\x98\\x80pass"
            })
    void isCoveredWithCharactersBeyondThoseOfTwoBytes(String spelling) {
        assertThat(Secret.of("emoji\uD83D\uDE00pass").coveredIn("password: \"" + spelling + "\""))
                .isEqualTo("password: \"****\"");
    }

    @Test
    void isCoveredWithTheLettersOfYaml() {
        assertThat(Secret.of("a\u0085b\u00a0c\u2028d\u2029e\tf").coveredIn("x \\a\\Nb a\\Nb\\_c\\Ld\\Pe\\tf"))
                .isEqualTo("x \\a\\Nb ****");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void randomOnesHaveALength(int length) {
        assertThatThrownBy(() -> Secret.random(length))
                .isInstanceOf(PgHaException.class)
                .hasMessageStartingWith("Secret.random(..): a secret of " + length + " characters");
        assertThat(Secret.random(1).reveal()).hasSize(1);
    }

    @Test
    void isCoveredWithinBase64() {
        for (String user : new String[] {"", "a", "ab", "abc"}) {
            String header = Base64.getEncoder()
                    .encodeToString((user + ":correct-horse/battery?" + user).getBytes(StandardCharsets.UTF_8));
            assertThat(Secret.of("correct-horse/battery?").coveredIn("Authorization: Basic " + header))
                    .contains("****")
                    .hasSizeLessThan(40);
        }
    }

    @Test
    void whatIsTooShortToBeFoundIsNotLookedFor() {
        assertThat(Secret.of("pg1").coveredIn("pg1: no route")).isEqualTo("pg1: no route");
        assertThat(Secret.of("").coveredIn("text")).isEqualTo("text");
    }

    @Test
    void otherTextsStayAsTheyAre() {
        assertThat(Secret.of("$1\\E.*+'").coveredIn("a $1 \\E .*+ '")).isEqualTo("a $1 \\E .*+ '");
    }
}
