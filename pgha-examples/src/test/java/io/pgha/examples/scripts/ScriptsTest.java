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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a rehearsal says that each step leaves behind is what its script leaves behind, in a real shell on a machine of its own: otherwise
 * the plan after a deploy would not be empty. Each script runs twice, for a run that is cut short has it run again.
 */
class ScriptsTest {
    /** Daemons answer these, and the kernel: where there is neither, they are rehearsed alone. The lab has both. */
    private static final List<String> BEYOND = List.of("await:", "etcd:", "patroni:in-force", "served:", "sysctl");

    private static final ClusterConfig CONFIG = ClusterConfig.builder()
            .name("demo")
            .topology(t -> t.node("pg1", "192.0.2.1", ETCD, POSTGRES)
                    .node("lb1", "192.0.2.4", HAPROXY)
                    .vip("192.0.2.10/24"))
            .build();

    @TempDir
    private Path directory;

    private final Map<String, Chroot> machines = new ConcurrentHashMap<>();

    @BeforeEach
    void requireRoot() throws Exception {
        Requirement.met(Chroot.isPossible(), "Scripts run in file systems of their own: that needs root, and unshare");
        for (Node node : CONFIG.topology().nodes()) {
            machines.put(node.name(), Chroot.in(directory.resolve(node.name())));
        }
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
            pgha.cluster(CONFIG).plan().apply();
            Map<String, String> real = new TreeMap<>();
            Map<String, String> rehearsed = new TreeMap<>();
            for (Node node : CONFIG.topology().nodes()) {
                List<Probe> probes = rehearsal.done(node.name()).stream()
                        .filter(ScriptsTest::isScript)
                        .flatMap(step -> step.probes().stream())
                        .distinct()
                        .toList();
                rehearsal.connect(node).observe(probes).forEach((id, answer) -> rehearsed.put(node + " " + id, answer));
                ask(node, probes).forEach((id, answer) -> real.put(node + " " + id, answer));
            }
            assertThat(real).hasSizeGreaterThan(30).containsExactlyInAnyOrderEntriesOf(rehearsed);
        }
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

    private Map<String, String> ask(Node node, List<Probe> probes) throws InterruptedException {
        return Probes.answers(
                probes, machines.get(node.name()).run(Probes.command(probes)).stdout());
    }
}
