package io.pgha.patroni.internal.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.model.ClusterConfig;
import io.pgha.spi.PreflightRule;
import io.pgha.testing.FixedPlanContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The questions are put to this machine's OpenSSL. */
class TlsValuesTest {
    private static List<PreflightRule> rules(int version, String parameter, String value) {
        ClusterConfig config = Clusters.colocated(1, pg -> pg.version(version).parameter(parameter, value));
        return TlsValues.of(
                new FixedPlanContext(config, "trixie"), config.postgresNodes().get(0));
    }

    private static String answer(PreflightRule rule) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-c", rule.probe().script())
                .redirectErrorStream(true)
                .start();
        String answer = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(shell.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return answer;
    }

    @ParameterizedTest
    @CsvSource({
        "ssl_ciphers, HIGH:!aNULL, true",
        "SSL_Ciphers, -ALL:ECDHE-RSA-AES256-GCM-SHA384, true",
        "ssl_ciphers, NONSENSE, false",
        "ssl_ciphers, '$(touch /tmp/x)', false",
        "ssl_ecdh_curve, secp384r1, true",
        "ssl_ecdh_curve, prime256v2, false",
        "ssl_ecdh_curve, X25519, false",
    })
    void whatOpensslDoesNotTakeIsRefused(String parameter, String value, boolean taken) throws Exception {
        PreflightRule rule = rules(17, parameter, value).get(0);
        assertThat(rule.judge().apply(answer(rule)).isEmpty()).isEqualTo(taken);
    }

    @Test
    void theRefusalNamesHostValueAndWayOut() {
        PreflightRule rule = rules(17, "ssl_ciphers", "NONSENSE").get(0);
        assertThat(rule.judge().apply("refused")).hasValueSatisfying(problem -> {
            assertThat(problem.code()).isEqualTo("preflight.tls-value");
            assertThat(problem.node()).isPresent();
            assertThat(problem.message()).contains("does not take ssl_ciphers = NONSENSE");
            assertThat(problem.remedy()).contains("HIGH:!aNULL");
        });
    }

    @Test
    void nothingIsAskedThatNobodySet() {
        assertThat(rules(17, "work_mem", "16MB")).isEmpty();
        assertThat(rules(18, "ssl_ecdh_curve", "X25519:prime256v1")).isEmpty();
    }
}
