package io.pgha.model;

import static org.assertj.core.api.Assertions.assertThat;

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
            })
    void isCoveredHoweverItIsSpelled(String spelling) {
        assertThat(AWKWARD.coveredIn("line 3: stats auth 'admin:" + spelling + "' is odd"))
                .isEqualTo("line 3: stats auth 'admin:****' is odd");
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
