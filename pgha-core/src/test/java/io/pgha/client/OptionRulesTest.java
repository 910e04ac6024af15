package io.pgha.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.Problem;
import io.pgha.model.InvalidConfigException;
import io.pgha.net.HostPort;
import io.pgha.port.CertificateBundle;
import io.pgha.secret.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionRulesTest {
    private final OptionRules lenient =
            new OptionRules("toy.options", 1234, "https://10.0.0.1:1234", "user(name, password)");
    private final OptionRules strict =
            new OptionRules("toy.options", 0, "https://10.0.0.1:1234", "user(name, password)");

    private record Options(
            List<URI> endpoints,
            Optional<String> trust,
            Optional<CertificateBundle> clientCertificate,
            Optional<String> username,
            Optional<Secret> password)
            implements ClientOptions {
        static Options of(String... endpoints) {
            return new Options(
                    List.of(endpoints).stream().map(URI::create).toList(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        Options user(String name) {
            return new Options(endpoints, trust, clientCertificate, Optional.of(name), password);
        }
    }

    @Test
    void whatIsRightHasNoProblems() {
        assertThat(strict.problems(Options.of("https://10.0.0.1:2379", "HTTP://[fd00::1]:2379")))
                .isEmpty();
        assertThat(lenient.problems(Options.of("https://db.example"))).isEmpty();
    }

    @Test
    void aPlaceHasTheUsualPortWhereThereIsOne() {
        assertThat(lenient.place(URI.create("https://db.example/patroni"))).contains(new HostPort("db.example", 1234));
        assertThat(lenient.place(URI.create("https://[fd00::1]:8008"))).contains(new HostPort("fd00::1", 8008));
        assertThat(strict.place(URI.create("https://db.example"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://10.0.0.1:2379",
                "10.0.0.1",
                "https:///path",
                "https://10.0.0.1:0",
                "https://10.0.0.1:65536",
                "https://ann:Tr0ub4dor@10.0.0.1:2379",
                "https:ann:Tr0ub4dor@10.0.0.1:2379",
                "https:/ann:Tr0ub4dor@10.0.0.1:2379",
                "ann:Tr0ub4dor@10.0.0.1:2379",
                "https://ann:Tr0ub4dor/b@10.0.0.1:2379",
                "https://10.0.0.1/?password=Tr0ub4dor"
            })
    void whatIsNoEndpointIsToldWithoutItsPassword(String endpoint) {
        assertThat(strict.problems(Options.of(endpoint)))
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .contains("is not an endpoint", "https://10.0.0.1:1234")
                        .doesNotContain("Tr0ub4dor"));
    }

    @Test
    void theSchemeDecidesOnTlsInWhicheverCase() {
        assertThat(OptionRules.isTls(URI.create("HTTPS://10.0.0.1:2379"))).isTrue();
        assertThat(OptionRules.isTls(URI.create("https://10.0.0.1:2379"))).isTrue();
        assertThat(OptionRules.isTls(URI.create("http://10.0.0.1:2379"))).isFalse();
    }

    @Test
    void everythingIsToldAtOnce() {
        assertThat(strict.problems(Options.of().user("ann")))
                .extracting(Problem::message)
                .containsExactly("No endpoint is given", "User name and password go together");
    }

    @Test
    void aTimeToWaitIsPositive() {
        List<Problem> problems = new ArrayList<>();
        strict.positive(Duration.ofMillis(1), problems);
        assertThat(problems).isEmpty();
        strict.positive(Duration.ZERO, problems);
        strict.positive(Duration.ofSeconds(-1), problems);
        assertThat(problems).hasSize(2).allSatisfy(it -> assertThat(it.code()).isEqualTo("toy.options"));
    }

    @Test
    void aTextThatIsNoUriIsRefusedWithAnExample() {
        assertThatThrownBy(() -> strict.parse("https://10.0.0.1 :2379"))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContainingAll("Illegal character", "https://10.0.0.1:1234");
        assertThat(strict.parse("https://10.0.0.1:2379")).hasHost("10.0.0.1");
    }
}
