package io.pgha.patroni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.model.InvalidConfigException;
import io.pgha.port.CertificateBundle;
import io.pgha.secret.Secret;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PatroniClientOptionsTest {
    private static PatroniClientOptions.Builder options() {
        return PatroniClientOptions.builder().endpoint("https://10.0.0.1");
    }

    @Test
    void showsNoSecret() {
        assertThat(options()
                        .basicAuth("ann", Secret.of("hunter-one"))
                        .clientCertificate(new CertificateBundle("the certificate", Secret.of("hunter-two")))
                        .build()
                        .toString())
                .contains("10.0.0.1", "ann")
                .doesNotContain("hunter")
                .containsPattern("clientCertificate=\\*{4}")
                .containsPattern("password=\\*{4}");
    }

    @Test
    void hasTheDefaultsOfAllClients() {
        PatroniClientOptions options = options().build();
        assertThat(options.connectTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(options.requestTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(options.stagger()).isEqualTo(Duration.ofMillis(250));
        assertThat(options.maintenance().closed()).isEmpty();
        assertThat(options.username()).isEmpty();
    }

    @Test
    void isRefusedWithEverythingThatIsWrong() {
        assertThatThrownBy(() -> PatroniClientOptions.builder()
                        .endpoint("https://ann:hunter-one@10.0.0.1")
                        .basicAuth("ann:smith", Secret.of("hunter-two"))
                        .stagger(Duration.ZERO)
                        .build())
                .isInstanceOfSatisfying(
                        InvalidConfigException.class,
                        e -> assertThat(e.problems()).hasSize(3))
                .hasMessageContainingAll("https://10.0.0.1:8008", ".basicAuth(user, password)", "no colon")
                .hasMessageNotContaining("hunter");
    }
}
