package io.pgha.internal;

import io.pgha.Problem;
import io.pgha.internal.answer.Answers;
import io.pgha.model.Node;
import io.pgha.resource.CertificateResource;
import io.pgha.spi.StageSpec;
import io.pgha.tls.Pem;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Refuses to put an authority in the place of another by issuing everything anew: while that goes on, daemons with
 * certificates of either do not trust each other. Where every certificate of a cluster is another's, its own authority
 * is not the one that was given. Pure.
 */
final class LostAuthority {
    private final String cluster;
    private final List<StageSpec> stages;
    private final Answers answers;

    LostAuthority(String cluster, List<StageSpec> stages, Answers answers) {
        this.cluster = cluster;
        this.stages = stages;
        this.answers = answers;
    }

    Optional<Problem> problem() {
        List<String> foreign = new ArrayList<>();
        for (StageSpec stage : stages) {
            for (Node node : stage.lanes().keySet()) {
                for (CertificateResource certificate : certificates(stage, node)) {
                    List<X509Certificate> found = found(node, certificate);
                    if (!found.isEmpty()) {
                        if (isTrusted(found.get(0), certificate)) {
                            return Optional.empty();
                        }
                        foreign.add(node.name() + " " + certificate.path());
                    }
                }
            }
        }
        return foreign.isEmpty() ? Optional.empty() : Optional.of(lost(foreign));
    }

    private static List<CertificateResource> certificates(StageSpec stage, Node node) {
        return stage.lanes().getOrDefault(node, List.of()).stream()
                .filter(CertificateResource.class::isInstance)
                .map(CertificateResource.class::cast)
                .toList();
    }

    private List<X509Certificate> found(Node node, CertificateResource certificate) {
        return certificate
                .certificate(answers.of(node, certificate.probe()))
                .map(LostAuthority::read)
                .orElse(List.of());
    }

    private static boolean isTrusted(X509Certificate certificate, CertificateResource wanted) {
        return read(wanted.pki().trustedCertificates()).stream().anyMatch(authority -> {
            try {
                certificate.verify(authority.getPublicKey());
                return true;
            } catch (GeneralSecurityException anotherIssuer) {
                return false;
            }
        });
    }

    /** What cannot be read is nobody's: the plan replaces it. */
    private static List<X509Certificate> read(String pem) {
        try {
            return Pem.certificates(pem);
        } catch (CertificateException unreadable) {
            return List.of();
        }
    }

    private Problem lost(List<String> foreign) {
        return Problem.of(
                "pki.authority-lost",
                "All " + foreign.size() + " certificates of " + cluster
                        + " come from another authority than the one that was given (" + foreign.get(0)
                        + " is one of them). It is new, or another cluster's; issuing everything anew would have the daemons"
                        + " refuse each other",
                "Give the authority that the cluster was deployed with: bring its store back from the backup (the directory of"
                        + " CaStore.directory(..), in place of what has been made there now), and see that it is the right one. To"
                        + " replace an authority that is there, use CertsClient.rotateCa. Where it is lost for good, the service"
                        + " must stop for a new one: stop patroni and etcd on all hosts, remove the .crt files there ("
                        + foreign.get(0) + " and its like), and apply a plan.");
    }
}
