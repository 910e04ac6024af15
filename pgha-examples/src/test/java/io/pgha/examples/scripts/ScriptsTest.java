package io.pgha.examples.scripts;

import static io.pgha.model.NodeRole.ETCD;
import static io.pgha.model.NodeRole.HAPROXY;
import static io.pgha.model.NodeRole.POSTGRES;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.PgHa;
import io.pgha.certs.CaStore;
import io.pgha.certs.Certs;
import io.pgha.etcd.Etcd;
import io.pgha.host.Command;
import io.pgha.host.CommandResult;
import io.pgha.host.InMemoryTransport;
import io.pgha.host.InMemoryTransport.Request;
import io.pgha.host.Probe;
import io.pgha.host.Probes;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.patroni.Patroni;
import io.pgha.secret.SecretStore;
import io.pgha.testing.Requirement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a rehearsal says that each step leaves behind is what its script leaves behind, in a real shell on a machine of
 * its own: otherwise the plan after a deploy would not be empty. Each script runs twice, for a run that is cut short
 * has it run again.
 */
class ScriptsTest {
    /** Daemons answer these, and the kernel: where there is neither, they are rehearsed alone. The lab has both. */
    private static final List<String> BEYOND = List.of("await:", "etcd:", "patroni:in-force", "served:", "sysctl");

    private static ClusterConfig.Builder config() {
        return ClusterConfig.builder()
                .name("demo")
                .topology(t -> t.node("pg1", "192.0.2.1", ETCD, POSTGRES)
                        .node("lb1", "192.0.2.4", HAPROXY)
                        .vip("192.0.2.10/24"));
    }

    /** Files that differ, services that reload and restart. */
    private static ClusterConfig changed() {
        return config().etcd(e -> e.heartbeatInterval(Duration.ofMillis(200)))
                .patroni(p -> p.restUsername("operator"))
                .haproxy(h -> h.maxConnections(500))
                .keepalived(k -> k.fall(5))
                .os(os -> os.packages("jq"))
                .build();
    }

    @TempDir
    private Path directory;

    private final Map<String, Chroot> machines = new ConcurrentHashMap<>();

    @BeforeEach
    void requireRoot() throws Exception {
        for (Node node : config().build().topology().nodes()) {
            machines.put(node.name(), Chroot.in(directory.resolve(node.name())));
        }
        CommandResult trial = machines.get("pg1").run(Command.sh(":"));
        Requirement.met(
                trial.succeeded(), "Scripts run in file systems of their own, which needs root: " + trial.stderr());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bookworm", "trixie"})
    void aStepLeavesWhatItsRehearsalSays(String release) throws Exception {
        InMemoryTransport rehearsal = InMemoryTransport.of(release).behave(this::take);
        try (PgHa pgha = PgHa.builder()
                .transport(rehearsal)
                .secrets(SecretStore.memory())
                .install(Certs.component(CaStore.memory()))
                .install(Etcd.component())
                .install(Patroni.component())
                .build()) {
            pgha.cluster(config().build()).plan().apply();
            assertThat(real(rehearsal)).hasSizeGreaterThan(30).containsExactlyInAnyOrderEntriesOf(rehearsed(rehearsal));

            pgha.cluster(changed()).plan().apply();
            assertThat(real(rehearsal)).containsExactlyInAnyOrderEntriesOf(rehearsed(rehearsal));
        }
    }

    private Map<String, String> rehearsed(InMemoryTransport rehearsal) throws InterruptedException {
        Map<String, String> answers = new TreeMap<>();
        for (Node node : changed().topology().nodes()) {
            rehearsal
                    .connect(node)
                    .observe(probes(rehearsal, node))
                    .forEach((id, answer) -> answers.put(node.name() + " " + id, answer));
        }
        return answers;
    }

    private Map<String, String> real(InMemoryTransport rehearsal) throws InterruptedException {
        Map<String, String> answers = new TreeMap<>();
        for (Node node : changed().topology().nodes()) {
            List<Probe> probes = probes(rehearsal, node);
            CommandResult printed = machines.get(node.name()).run(Probes.command(probes));
            Probes.answers(probes, printed.stdout())
                    .forEach((id, answer) -> answers.put(node.name() + " " + id, answer));
        }
        return answers;
    }

    /** What the steps that were done so far ask; the last words count where one was done twice. */
    private static List<Probe> probes(InMemoryTransport rehearsal, Node node) {
        Map<String, Probe> probes = new LinkedHashMap<>();
        rehearsal.done(node.name()).stream()
                .filter(ScriptsTest::isScript)
                .flatMap(step -> step.probes().stream())
                .forEach(probe -> probes.put(probe.id(), probe));
        return List.copyOf(probes.values());
    }

    private CommandResult take(Node node, Request request) {
        if (!isScript(request)) {
            return new CommandResult(0, "", "");
        }
        Chroot machine = machines.get(node.name());
        Command script = request.command().orElseThrow();
        try {
            CommandResult first = machine.run(script);
            return first.succeeded() ? machine.run(script) : first;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static boolean isScript(Request request) {
        return request.command().isPresent()
                && request.step()
                        .filter(id -> BEYOND.stream().noneMatch(id::startsWith))
                        .isPresent();
    }
}
