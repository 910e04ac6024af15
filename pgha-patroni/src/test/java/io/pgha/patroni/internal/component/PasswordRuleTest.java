package io.pgha.patroni.internal.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.Problem;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.patroni.internal.layout.PatroniLayout;
import io.pgha.secret.Secret;
import io.pgha.secret.SecretStore;
import io.pgha.spi.PlanContext;
import io.pgha.spi.PreflightRule;
import io.pgha.testing.FixedContext;
import io.pgha.testing.FixedPlanContext;
import io.pgha.text.SaltedHash;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Passwords are compared by real shells, and by what PostgreSQL would say. */
class PasswordRuleTest {
    /** Stands in the configuration for the directory of the test, where no server may have its data. */
    private static final String DATA = "/srv/postgresql/17";

    @TempDir
    private Path directory;

    private PlanContext context(SecretStore secrets) throws Exception {
        Files.createDirectories(data());
        Files.writeString(data().resolve("PG_VERSION"), "17\n");
        ClusterConfig config = Clusters.colocated(1, pg -> pg.dataDirectory(DATA));
        FixedPlanContext plain = new FixedPlanContext(config, "trixie");
        return new FixedContext(
                config,
                Map.of(
                        config.postgresNodes().get(0),
                        plain.facts(config.postgresNodes().get(0))),
                secrets,
                List.of());
    }

    private Path data() {
        return directory.resolve("data");
    }

    private static SecretStore store(String superuser) {
        SecretStore store = SecretStore.memory();
        store.obtain("postgres.superuser", () -> Secret.of(superuser));
        store.obtain("postgres.replication", () -> Secret.of("replicas"));
        store.obtain("postgres.rewind", () -> Secret.of("rewinds"));
        return store;
    }

    private static Node node(PlanContext context) {
        return context.config().postgresNodes().get(0);
    }

    private String ask(PreflightRule rule, String psql) throws Exception {
        Path file = directory.resolve("patroni.yaml");
        String script = rule.probe()
                .script()
                .replace(PatroniLayout.CONFIG, file.toString())
                .replace(DATA, data().toString());
        Process shell = new ProcessBuilder("sh", "-c", "runuser() {\n" + psql + "\n}\n" + script).start();
        String answer = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        shell.waitFor();
        return answer.stripTrailing();
    }

    private void deploy(String superuser) throws Exception {
        PlanContext context = context(store(superuser));
        Files.writeString(
                directory.resolve("patroni.yaml"),
                PatroniYaml.render(context, node(context)).replace(DATA, data().toString()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"plain", "it's \"quoted\": #x", "$HOME `id` \\n", "pässwörd", " blanks ", "123456789012", "%s%d"
            })
    void anUnchangedPasswordIsFineWithoutPostgres(String password) throws Exception {
        deploy(password);
        PlanContext context = context(store(password));
        PreflightRule rule = PasswordRule.of(context, node(context));
        String answer = ask(rule, "echo asked");

        assertThat(answer).isEqualTo("same");
        assertThat(rule.judge().apply(answer)).isEmpty();
        assertThat(rule.probe().script()).doesNotContain(password);
    }

    @Test
    void aChangedOneIsFineWhereItLogsIn() throws Exception {
        deploy("old");
        PlanContext context = context(store("new"));
        PreflightRule rule = PasswordRule.of(context, node(context));
        Matcher nonce =
                Pattern.compile("nonce=([0-9a-f]{32})").matcher(rule.probe().script());
        assertThat(nonce.find()).isTrue();
        byte[] salt = "a salt of theirs".getBytes(StandardCharsets.UTF_8);
        String terms = "4096:" + Base64.getEncoder().encodeToString(salt);
        for (String inDatabase : List.of("old", "new")) {
            String hash = new SaltedHash(nonce.group(1)).of(ScramVerifier.storedKey(inDatabase, salt, 4096));
            String answer = ask(rule, "echo 'postgres " + terms + " " + hash + "'");
            Optional<Problem> problem = rule.judge().apply(answer);
            assertThat(problem.isEmpty()).as(inDatabase).isEqualTo(inDatabase.equals("new"));
            problem.ifPresent(it -> {
                assertThat(it.code()).isEqualTo("secret.postgres-changed");
                assertThat(it.message()).contains("postgres.superuser").doesNotContain("postgres.rewind");
                assertThat(it.remedy()).contains("ALTER ROLE \"postgres\" PASSWORD");
            });
        }
        assertThat(rule.judge().apply(ask(rule, "echo replica"))).isEmpty();
        assertThat(rule.judge().apply(ask(rule, "false")))
                .hasValueSatisfying(problem -> assertThat(problem.message()).contains("does not say"));
    }

    @Test
    void aClusterOfAnotherNameIsNotAskedForItsPasswords() throws Exception {
        deploy("old");
        Path file = directory.resolve("patroni.yaml");
        Files.writeString(file, Files.readString(file).replace("scope: main", "scope: other"));
        PlanContext context = context(store("new"));

        assertThat(ask(PasswordRule.of(context, node(context)), "echo asked")).isEmpty();
    }

    /** The example of RFC 7677. */
    @Test
    void computesWhatPostgresqlKeeps() {
        byte[] salt = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");
        assertThat(ScramVerifier.storedKey("pencil", salt, 4096))
                .isEqualTo("WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=");
    }
}
