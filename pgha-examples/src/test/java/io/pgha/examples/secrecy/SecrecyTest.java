package io.pgha.examples.secrecy;

import static io.pgha.model.NodeRole.ETCD;
import static io.pgha.model.NodeRole.HAPROXY;
import static io.pgha.model.NodeRole.POSTGRES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.pgha.Cluster;
import io.pgha.PgHa;
import io.pgha.PgHaException;
import io.pgha.certs.CaStore;
import io.pgha.certs.CertificateAuthority;
import io.pgha.certs.Certs;
import io.pgha.etcd.Etcd;
import io.pgha.host.Command;
import io.pgha.host.InMemoryTransport;
import io.pgha.host.Transport;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.etcd.EtcdAuthentication;
import io.pgha.patroni.Patroni;
import io.pgha.plan.Plan;
import io.pgha.resource.FileResource;
import io.pgha.run.RunEvent;
import io.pgha.run.RunListener;
import io.pgha.run.RunOptions;
import io.pgha.run.RunReport;
import io.pgha.secret.Secret;
import io.pgha.secret.SecretStore;
import io.pgha.ssh.Ssh;
import io.pgha.ssh.SshOptions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * No secret is ever seen: not in a plan, an event, a report, an exception, a log line or a text, whatever the hosts
 * print. The secrets are those that anything asks the store for, the authority's key and the keys that it makes.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SecrecyTest {
    @TempDir
    private Path directory;

    private final KnownSecrets secrets = new KnownSecrets("Qz");
    private final AngryHosts hosts = new AngryHosts(secrets);
    private final Secret passphrase = Secret.of("pass'phrase \"of$ the\\ authority é");
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream output = System.out;
    private final PrintStream errors = System.err;
    private final Logs logs = new Logs();
    private final CaStore authorities = CaStore.memory();
    private final CertificateAuthority brought = CertificateAuthority.create(o -> o.cluster("demo"));

    @BeforeEach
    void listen() {
        secrets.and("passphrase", passphrase).and("authority", brought.bundle().privateKey());
        Certs.adopt(authorities, "demo", brought);
        PrintStream all = new PrintStream(printed, true, StandardCharsets.UTF_8);
        System.setOut(all);
        System.setErr(all);
        logs.everything();
    }

    @AfterEach
    void nothingWasPrintedOrLogged() {
        System.setOut(output);
        System.setErr(errors);
        logs.asBefore();
        secrets.requireNoneIn("what was printed and logged", printed.toString(StandardCharsets.UTF_8));
    }

    private static ClusterConfig.Builder config() {
        return ClusterConfig.builder()
                .name("demo")
                .topology(t -> t.node("pg1", "192.0.2.1", ETCD, POSTGRES)
                        .node("pg2", "192.0.2.2", ETCD, POSTGRES)
                        .node("pg3", "192.0.2.3", ETCD, POSTGRES)
                        .node("lb1", "192.0.2.4", HAPROXY)
                        .node("lb2", "192.0.2.5", HAPROXY)
                        .vip("192.0.2.10/24"))
                .etcd(e -> e.authentication(EtcdAuthentication.ENABLED));
    }

    private PgHa pgha(SecretStore store) {
        return PgHa.builder()
                .transport(hosts.transport())
                .secrets(store)
                .install(Certs.component(authorities))
                .install(Etcd.component())
                .install(Patroni.component())
                .build();
    }

    private Cluster cluster() {
        return pgha(secrets).cluster(config().build());
    }

    private final List<RunEvent> events = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();

    private RunOptions.Builder heard(RunOptions.Builder run) {
        return run.listener(events::add)
                .listener(RunListener.console())
                .listener(RunListener.slf4j())
                .listener(RunListener.jsonLines(lines));
    }

    private void nothingIn(String where, Object... things) {
        keysThatWereMade();
        secrets.requireNoneIn(where, Visible.in(things));
    }

    /** They stand in no store: they go to their host and nowhere else. */
    private void keysThatWereMade() {
        for (Command command : hosts.commands()) {
            String stdin = AngryHosts.stdin(command);
            int end = stdin.indexOf("-----END PRIVATE KEY");
            if (end >= 0) {
                secrets.and("key " + stdin.hashCode(), Secret.of(stdin.substring(0, end)));
            }
        }
    }

    @Test
    void aDeployTellsNone() throws Exception {
        try (PgHa pgha = pgha(secrets)) {
            Cluster cluster = pgha.cluster(config().build());
            hosts.talking();
            Plan plan = cluster.plan();
            RunReport report = plan.apply(this::heard);

            assertThat(secrets.size())
                    .as("those of the store, the authority, and keys")
                    .isGreaterThan(10);
            assertThat(events).hasSizeGreaterThan(1000);
            nothingIn("the plan", plan);
            nothingIn("events", events);
            nothingIn("the report", report);
            nothingIn(
                    "what is held",
                    pgha,
                    cluster.toString(),
                    cluster.config(),
                    cluster.transport(),
                    cluster.secrets(),
                    authorities);
            nothingIn("what a node has", cluster.certificates(), cluster.render(), rendered(cluster));
            nothingIn("commands", hosts.commands());
            nothingIn("lines of JSON", lines.toString(StandardCharsets.UTF_8));
            nothingIn("the second plan", cluster.plan());
        }
    }

    private static List<FileResource> rendered(Cluster cluster) {
        return cluster.config().topology().nodes().stream()
                .flatMap(node -> cluster.render().files(node).stream())
                .toList();
    }

    @Test
    void noScriptAndNoRecordHoldsOne() throws Exception {
        cluster().plan().apply();
        keysThatWereMade();

        assertThat(hosts.commands()).anyMatch(SecrecyTest::isRecord);
        hosts.commands().forEach(command -> {
            secrets.requireNoneIn("a script", command.script());
            if (isRecord(command)) {
                secrets.requireNoneIn("the record", AngryHosts.stdin(command));
            }
        });
    }

    private static boolean isRecord(Command command) {
        return command.stdin().length > 0 && command.script().contains("/var/lib/pgha/record");
    }

    @Test
    void onlyItsOwnerReadsAFileThatHoldsOne() throws Exception {
        for (FileResource file : rendered(cluster())) {
            if (file.visibility() == FileResource.Visibility.SHOWN
                    || !file.mode().endsWith("0")) {
                secrets.requireNoneIn(file.path(), file.content());
            }
        }
    }

    @Test
    void aChangedPasswordIsSeenToChangeOnly() throws Exception {
        cluster().plan().apply();
        KnownSecrets others = new KnownSecrets("Zq");
        ClusterConfig changed = config().postgres(pg -> pg.parameter("max_connections", 300))
                .patroni(p -> p.restPort(8009))
                .haproxy(h -> h.maxConnections(300).statsUser("others"))
                .keepalived(k -> k.fall(5))
                .build();
        // What has changed on the hosts by hand, too.
        hosts.transport().answer("lb1", "file:/etc/haproxy/haproxy.cfg", file("640 root:haproxy"));
        hosts.transport().answer("lb1", "file:/etc/keepalived/keepalived.conf", file("600 root:root"));
        hosts.transport().answer("pg1", "file:/etc/patroni/patroni.yaml", file("600 postgres:postgres"));
        Throwable refused = catchThrowable(() -> pgha(others).cluster(changed).plan());
        assertThat(refused).isInstanceOf(PgHaException.class);
        Plan plan = pgha(others)
                .cluster(ClusterConfig.builder()
                        .from(changed)
                        .patroni(p -> p.restPort(8008))
                        .build())
                .plan();

        assertThat(plan.details()).contains("haproxy.cfg", "keepalived.conf", "patroni.yaml", "(changed)");
        nothingIn("the plan", plan, refused);
        others.requireNoneIn("the plan", Visible.in(plan, refused));
    }

    /** Secrets that somebody has written into the configuration, which goes to its record and its daemons as it is. */
    @Test
    void whatIsWrittenIntoTheConfigurationIsNotShown() throws Exception {
        ClusterConfig before = written("'\"OLD $&é☃").build();
        ClusterConfig after = written("'\"NEW $& é☃").build();
        pgha(secrets).cluster(before).plan().apply(this::heard);
        Cluster cluster = pgha(secrets).cluster(after);
        Plan plan = cluster.plan();
        hosts.talking().failing((node, request) -> request.isStep("file:/etc/patroni/patroni.yaml"));
        Throwable failure = catchThrowable(() -> plan.apply(this::heard));
        Throwable refused = catchThrowable(() -> written("no quotes OLD NEW")
                .postgres(
                        pg -> pg.pgHba("host all all 10.0.0.0/8 ldap ldapserver=h ldapbasedn=x ldapbindpasswd=is NEW"))
                .build());

        assertThat(plan.details()).contains("ldapbindpasswd=****", "PGPASSWORD=****", "app.api_token");
        assertThat(refused).hasMessageContaining("ldapbindpasswd=****");
        assertThat(failure).isNotNull();
        assertThat(plan + plan.details() + after + after.postgres() + Visible.in(failure, refused, events))
                .doesNotContain("OLD", "NEW");
    }

    private static ClusterConfig.Builder written(String secret) {
        String quoted = quoted(secret);
        return config().postgres(pg -> pg.pgHba(
                        "host all all 10.0.0.0/8 ldap ldapserver=h ldapbasedn=x ldapbindpasswd=" + quoted,
                        "host all all 10.1.0.0/16 radius radiusservers=a,b radiussecrets=" + quoted(quoted))
                .parameter("app.api_token", secret)
                .parameter("archive_command", "PGPASSWORD='" + secret.replace("'", "'\\''") + "' push %p"));
    }

    private static String quoted(String text) {
        return '"' + text.replace("\"", "\"\"") + '"';
    }

    /** What a probe of a file prints. */
    private String file(String attributes) {
        String text = "# " + String.join("\n# ", secrets.spelled()) + "\nstats auth "
                + String.join("\nkey ", secrets.spelled()) + "\n";
        return attributes + "\n" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void noCommandThatFailsTellsOne() throws Exception {
        Set<String> failed = new HashSet<>();
        Set<String> failing = ConcurrentHashMap.newKeySet();
        List<Throwable> failures = new ArrayList<>();
        Cluster cluster = cluster();
        // Every kind of command fails once, on all nodes at once.
        hosts.failing((node, request) -> {
            failing.add(kind(request));
            return !failed.contains(kind(request));
        });
        boolean done = false;
        while (!done) {
            Throwable failure = catchThrowable(() -> cluster.plan().apply(this::heard));
            done = failure == null;
            if (!done) {
                failures.add(failure);
            }
            failed.addAll(failing);
        }
        assertThat(failures).hasSizeGreaterThan(20);
        nothingIn("failures", failures);
        nothingIn("events", events);
        nothingIn("lines of JSON", lines.toString(StandardCharsets.UTF_8));
    }

    /** A step by its resource, anything else by the kind of what it asks first. */
    private static String kind(InMemoryTransport.Request request) {
        return request.step()
                .orElseGet(() -> request.probes().stream()
                        .findFirst()
                        .map(probe -> probe.id().replaceAll(":.*", ""))
                        .orElse(""));
    }

    @Test
    void noAnswerTellsOne() throws Exception {
        Cluster cluster = cluster();
        cluster.plan().apply();
        List<Object> shown = new ArrayList<>();
        for (Node node : List.of(cluster.config().node("pg1"), cluster.config().node("lb1"))) {
            for (String question : hosts.asked(node.name())) {
                AngryHosts again = new AngryHosts(secrets);
                String answer =
                        question.startsWith("file:") ? file("644 root:root") : String.join("\n", secrets.spelled());
                again.transport().answer(node.name(), question, answer);
                Cluster asked = PgHa.builder()
                        .transport(again.transport())
                        .secrets(secrets)
                        .install(Certs.component(authorities))
                        .install(Etcd.component())
                        .install(Patroni.component())
                        .build()
                        .cluster(config().build());
                Throwable failure = catchThrowable(() -> shown.add(asked.plan()));
                if (failure != null) {
                    shown.add(failure);
                }
            }
        }
        nothingIn("plans and refusals", shown);
    }

    @Test
    void neitherKeysNorPassphrasesNorPasswordsOfSshAreTold() throws Exception {
        Secret password = Secret.of("ssh's \"pass$word é");
        secrets.and("ssh", password);
        Path key = Files.writeString(directory.resolve("key"), "no key: " + password.reveal());
        Path knownHosts = Files.writeString(directory.resolve("known_hosts"), "");
        List<Object> shown = new ArrayList<>();
        SshOptions options = SshOptions.builder()
                .user("ops")
                .knownHosts(knownHosts)
                .password(password)
                .sudoPassword(password)
                .privateKey(key, password)
                .build();
        shown.add(options);
        try (Transport transport = Ssh.transport(options)) {
            shown.add(transport);
            Node nobody = Node.builder()
                    .name("pg1")
                    .address("127.0.0.1")
                    .sshPort(1)
                    .role(ETCD)
                    .build();
            shown.add(catchThrowable(() -> transport.connect(nobody)));
        }
        CaStore kept = CaStore.directory(directory.resolve("pki"), passphrase);
        Certs.adopt(kept, "demo", brought);
        CaStore wrong = CaStore.directory(directory.resolve("pki"), password);
        shown.add(catchThrowable(() -> wrong.read("demo")));
        shown.add(kept.read("demo"));
        shown.add(kept);
        shown.add(catchThrowable(() -> CertificateAuthority.open(password.reveal(), password, password)));
        shown.add(catchThrowable(() -> CertificateAuthority.open(
                CertificateAuthority.create(o -> o.cluster("demo")).trustedCertificates(), password)));

        assertThat(shown).doesNotContainNull();
        nothingIn("options and failures", shown);
    }
}
