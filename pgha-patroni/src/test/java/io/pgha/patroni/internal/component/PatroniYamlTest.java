package io.pgha.patroni.internal.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.host.HostFacts;
import io.pgha.host.ShellQuote;
import io.pgha.model.ClusterConfig;
import io.pgha.model.InvalidConfigException;
import io.pgha.model.Node;
import io.pgha.patroni.internal.settings.HbaRules;
import io.pgha.patroni.internal.work.ReadyWork;
import io.pgha.port.Pki;
import io.pgha.secret.SecretStore;
import io.pgha.spi.PlanContext;
import io.pgha.spi.Resource;
import io.pgha.testing.DerivedSecrets;
import io.pgha.testing.FixedPlanContext;
import io.pgha.testing.Golden;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class PatroniYamlTest {

    static Stream<Arguments> clusters() {
        return Stream.of("bookworm", "trixie")
                .flatMap(release -> Stream.of(
                        Arguments.of(release, "one", Clusters.colocated(1)),
                        Arguments.of(release, "three", Clusters.colocated(3)),
                        Arguments.of(release, "five", Clusters.colocated(5)),
                        Arguments.of(release, "authenticated", Clusters.authenticated()),
                        Arguments.of(release, "dedicated", Clusters.dedicated()),
                        Arguments.of(release, "ipv6", Clusters.ipv6())));
    }

    @ParameterizedTest
    @MethodSource("clusters")
    void rendersAsAgreed(String release, String name, ClusterConfig config) {
        Node last = config.postgresNodes().get(config.postgresNodes().size() - 1);
        String yaml = PatroniYaml.render(new FixedPlanContext(config, release), last);

        Golden.check(release + "/" + name + "/patroni.yaml", yaml);
        assertThat(load(yaml)).containsEntry("name", last.name()).containsEntry("scope", "main");
    }

    @Test
    void smallFilesAreAsAgreed() {
        Golden.check("patroni.service.d/pgha.conf", PatroniFiles.dropIn(node(Clusters.dedicated())));
        Golden.check("patroni.service.d/pgha-beside-etcd.conf", PatroniFiles.dropIn(node(Clusters.colocated(3))));
        Golden.check("pgha-patroni.sh", PatroniFiles.profile());
        Golden.check("createcluster.d/pgha.conf", PatroniFiles.createCluster());
    }

    /** A login shell stops at nothing, so a line that is no shell would be seen by nobody but the user, each time. */
    @ParameterizedTest
    @ValueSource(strings = {"sh", "bash"})
    void aLoginShellReadsTheProfileAndFindsTheConfiguration(String shell) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        shell,
                        "-ec",
                        PatroniFiles.profile()
                                + "echo \"$PATRONICTL_CONFIG_FILE\"; alias patronictl | sed 's/^alias //'")
                .redirectErrorStream(true)
                .start();

        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines())
                .containsExactly("/etc/patroni/patroni.yaml", "patronictl='patronictl -c /etc/patroni/patroni.yaml'");
        assertThat(process.waitFor()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/srv/LOG/DATA/17", "/srv/STANDSTILL/ADDRESSES", "/srv/it's $(id)"})
    void aDataDirectoryIsNeverReadAsATemplate(String directory) {
        assertThat(new ReadyWork(directory).size().script())
                .isEqualTo("du -sk " + ShellQuote.quote(directory) + " 2>/dev/null | cut -f1");
    }

    @Test
    void everyMemberBootstrapsTheSameCluster() {
        ClusterConfig config = Clusters.dedicated();
        PlanContext context = new FixedPlanContext(config, "trixie");

        assertThat(config.postgresNodes().stream()
                        .map(node -> load(PatroniYaml.render(context, node)).get("bootstrap"))
                        .distinct())
                .hasSize(1);
    }

    @Test
    void passwordsGoOverTheNetworkOnlyToAVerifiedServer() {
        Map<String, Object> trixie = authentication("trixie");
        Map<String, Object> jammy = authentication("jammy");

        assertThat(trixie)
                .allSatisfy((role, login) -> assertThat(map(login))
                        .containsEntry("sslmode", "verify-full")
                        .containsEntry("sslrootcert", "/etc/patroni/tls/ca.crt"));
        assertThat(jammy).allSatisfy((role, login) -> assertThat(map(login)).containsEntry("sslmode", "verify-ca"));
    }

    @Test
    void anotherSuperuserLogsInWithItsPassword() {
        ClusterConfig config = Clusters.colocated(3, pg -> pg.superuserName("admin"));
        Map<String, Object> yaml = load(PatroniYaml.render(new FixedPlanContext(config, "bookworm"), node(config)));

        assertThat(map(yaml.get("bootstrap")).get("initdb"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .contains(Map.of("auth-local", "scram-sha-256"));
        assertThat(HbaRules.of(config)).startsWith("local all admin scram-sha-256", "local all all peer");
    }

    /** Patroni reads with PyYAML, which resolves more plain texts to other things than SnakeYAML does. */
    @ParameterizedTest
    @ValueSource(strings = {"=", "<<", "~", "yes", "1:20", "0x1F", "1_000", ".inf", "2027-01-01", "- a", "!x", "null"})
    void whatYamlTakesForSomethingElseIsQuoted(String password) {
        assertThat(PatroniYaml.scalar(password)).matches("(['\"]).*\\1");
    }

    @Property
    void hostilePasswordsComeBackAsTheyWere(@ForAll("hostile") String password) {
        ClusterConfig config = Clusters.colocated(1);
        Map<String, Object> yaml = load(PatroniYaml.render(new Passwords(config, password), node(config)));

        assertThat(map(map(yaml.get("restapi")).get("authentication"))).containsEntry("password", password);
        Map<String, Object> postgresql = map(yaml.get("postgresql"));
        assertThat(map(map(postgresql.get("authentication")).get("superuser"))).containsEntry("password", password);
    }

    @Property
    void hostileParametersAreRefusedOrComeBackAsTheyWere(@ForAll("hostile") String value) {
        ClusterConfig config;
        try {
            config = Clusters.colocated(1, pg -> pg.parameter("app.text", value));
        } catch (InvalidConfigException refused) {
            assertThat(refused).hasMessageContaining("app.text");
            return;
        }
        Map<String, Object> yaml = load(PatroniYaml.render(new FixedPlanContext(config, "trixie"), node(config)));

        Map<String, Object> dynamic =
                map(map(map(yaml.get("bootstrap")).get("dcs")).get("postgresql"));
        assertThat(map(dynamic.get("parameters"))).containsEntry("app.text", value);
    }

    @Provide
    Arbitrary<String> hostile() {
        return Arbitraries.oneOf(
                Arbitraries.strings().all().ofMinLength(1).filter(PatroniYamlTest::isText),
                Arbitraries.strings()
                        .withChars("'\":#{}[]&*!|>%@`\\\n\t -~0\u00e9\u2028")
                        .ofMinLength(1),
                Arbitraries.of(
                        "yes", "null", "~", "0123", "1e3", "0x1f", "1:30", "2001-01-01", "- a", "a: b", "<<", "="));
    }

    /** YAML cannot hold NUL and a few other characters that no password field takes either. */
    private static boolean isText(String text) {
        return text.codePoints().noneMatch(c -> c == 0 || (c >= 0xd800 && c <= 0xdfff) || c == 0xfffe || c == 0xffff);
    }

    private static Map<String, Object> authentication(String release) {
        ClusterConfig config = Clusters.colocated(3);
        return map(map(load(PatroniYaml.render(new FixedPlanContext(config, release), node(config)))
                        .get("postgresql"))
                .get("authentication"));
    }

    private static Node node(ClusterConfig config) {
        return config.postgresNodes().get(0);
    }

    private static Map<String, Object> load(String yaml) {
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    /** A context whose every password is the same. */
    private record Passwords(ClusterConfig config, String password) implements PlanContext {
        @Override
        public HostFacts facts(Node node) {
            return FixedPlanContext.facts("trixie", node);
        }

        @Override
        public List<String> packages(Node node) {
            return List.of();
        }

        @Override
        public List<Resource> beforePackages(Node node) {
            return List.of();
        }

        @Override
        public Pki pki() {
            throw new UnsupportedOperationException();
        }

        @Override
        public SecretStore secrets() {
            return new DerivedSecrets(name -> password);
        }
    }
}
