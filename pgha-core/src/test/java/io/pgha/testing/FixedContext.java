package io.pgha.testing;

import io.pgha.host.HostFacts;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.port.CertificateBundle;
import io.pgha.port.CertificateRequest;
import io.pgha.port.Pki;
import io.pgha.secret.SecretStore;
import io.pgha.spi.PlanContext;
import io.pgha.spi.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A context for tests of components: healthy Debian machines with eth0, a memory store, an authority that only trusts.
 */
public record FixedContext(
        ClusterConfig config, Map<Node, HostFacts> machines, SecretStore secrets, List<Resource> before)
        implements PlanContext {

    public static FixedContext of(ClusterConfig config) {
        return of(config, node -> healthy(node).build());
    }

    public static FixedContext of(ClusterConfig config, Function<Node, HostFacts> facts) {
        return new FixedContext(
                config,
                config.topology().nodes().stream().collect(Collectors.toMap(node -> node, facts)),
                SecretStore.memory(),
                List.of());
    }

    public static HostFacts.Builder healthy(Node node) {
        return HostFacts.builder()
                .distribution("debian")
                .release("bookworm")
                .osName("Debian GNU/Linux 12 (bookworm)")
                .hostname(node.name())
                .architecture("amd64")
                .memoryBytes(2L * 1024 * 1024 * 1024)
                .processors(2)
                .machineId("id-of-" + node.name())
                .clockOffset(Duration.ZERO)
                .addresses(new HostFacts.InterfaceAddress("lo", "127.0.0.1", 8))
                .addresses(new HostFacts.InterfaceAddress(
                        "eth0", node.address(), node.address().contains(":") ? 64 : 24));
    }

    /** The same context with one machine's facts changed. */
    public FixedContext with(String name, UnaryOperator<HostFacts.Builder> change) {
        Node changed = config.node(name);
        return of(
                config,
                node -> node.equals(changed) ? change.apply(healthy(node)).build() : machines.get(node));
    }

    @Override
    public HostFacts facts(Node node) {
        return machines.get(node);
    }

    @Override
    public List<String> packages(Node node) {
        return List.of("haproxy", "openssl");
    }

    @Override
    public List<Resource> beforePackages(Node node) {
        return before;
    }

    @Override
    public Pki pki() {
        return new Pki() {
            @Override
            public String trustedCertificates() {
                return "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n";
            }

            @Override
            public CertificateBundle issue(CertificateRequest request) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Optional<String> defect(String pem, CertificateRequest request) {
                return Optional.empty();
            }
        };
    }
}
