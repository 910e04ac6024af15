package io.pgha.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.model.InvalidConfigException;
import io.pgha.port.CertificateBundle;
import io.pgha.secret.Secret;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EtcdClientOptionsTest {
    private static EtcdClientOptions.Builder options() {
        return EtcdClientOptions.builder().endpoint("https://10.0.0.1:2379");
    }

    @Test
    void showsNoSecret() {
        assertThat(options()
                        .user("ann", Secret.of("hunter-one"))
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
        EtcdClientOptions options = options().build();
        assertThat(options.connectTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(options.requestTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(options.maintenance().closed()).isEmpty();
        assertThat(options.username()).isEmpty();
    }

    @Test
    void isRefusedWithEverythingThatIsWrong() {
        assertThatThrownBy(() -> EtcdClientOptions.builder()
                        .endpoint("https://10.0.0.1")
                        .username("ann")
                        .requestTimeout(Duration.ZERO)
                        .build())
                .isInstanceOfSatisfying(
                        InvalidConfigException.class,
                        e -> assertThat(e.problems()).hasSize(3))
                .hasMessageContainingAll("https://10.0.0.1:2379", ".user(name, password)");
    }
}
