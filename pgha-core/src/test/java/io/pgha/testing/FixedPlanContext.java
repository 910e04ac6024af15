package io.pgha.testing;

import io.pgha.host.HostFacts;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.port.CertificateBundle;
import io.pgha.port.CertificateRequest;
import io.pgha.port.Pki;
import io.pgha.secret.Secret;
import io.pgha.secret.SecretStore;
import io.pgha.spi.PlanContext;
import io.pgha.spi.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A plan context in which every machine is alike, every secret is its own name, and every certificate is a placeholder.
 *
 * @param config the cluster
 * @param release the code name of every machine's release
 */
public record FixedPlanContext(ClusterConfig config, String release) implements PlanContext {

    @Override
    public HostFacts facts(Node node) {
        return facts(release, node);
    }

    /**
     * Returns the facts of a machine with 4 GiB of memory and two processors.
     *
     * @param release the release's code name
     * @param node the node
     * @return its facts
     */
    public static HostFacts facts(String release, Node node) {
        return HostFacts.builder()
                .distribution(List.of("jammy", "noble").contains(release) ? "ubuntu" : "debian")
                .release(release)
                .osName("Debian GNU/Linux (" + release + ")")
                .hostname(node.name())
                .machineId("id-of-" + node.name())
                .clockOffset(Duration.ZERO)
                .architecture("amd64")
                .memoryBytes(4L * 1024 * 1024 * 1024)
                .processors(2)
                .address(new HostFacts.InterfaceAddress("eth0", node.address(), 24))
                .build();
    }

    @Override
    public List<String> packages(Node node) {
        return List.of();
    }

    @Override
    public Pki pki() {
        return new Pki() {
            @Override
            public String trustedCertificates() {
                return "-----BEGIN CERTIFICATE-----\nthe authority\n-----END CERTIFICATE-----\n";
            }

            @Override
            public CertificateBundle issue(CertificateRequest request) {
                return new CertificateBundle(
                        "-----BEGIN CERTIFICATE-----\n" + request.usage() + "\n-----END CERTIFICATE-----\n",
                        Secret.of("-----BEGIN PRIVATE KEY-----\nkey\n-----END PRIVATE KEY-----\n"));
            }

            @Override
            public Optional<String> defect(String pem, CertificateRequest request) {
                return Optional.empty();
            }
        };
    }

    @Override
    public SecretStore secrets() {
        return new DerivedSecrets(name -> "secret-of-" + name);
    }

    @Override
    public List<Resource> beforePackages(Node node) {
        return List.of();
    }
}
