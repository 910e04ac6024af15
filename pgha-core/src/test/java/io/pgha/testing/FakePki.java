package io.pgha.testing;

import io.pgha.model.ClusterConfig;
import io.pgha.port.CertificateBundle;
import io.pgha.port.CertificateRequest;
import io.pgha.port.Offer;
import io.pgha.port.Pki;
import io.pgha.secret.Secret;
import io.pgha.spi.Component;
import io.pgha.spi.PlanContext;
import io.pgha.spi.StageSpec;
import java.util.List;
import java.util.Optional;

/**
 * Certificates that are no more than their request in PEM's clothes: what was issued for a request is good for that
 * request alone. Stateless and thread-safe.
 */
public final class FakePki implements Component {

    /** Creates the component. */
    public FakePki() {}

    @Override
    public String name() {
        return "certificates";
    }

    @Override
    public List<StageSpec> stages(PlanContext context) {
        return List.of();
    }

    @Override
    public List<Offer<?>> offers() {
        return List.of(new Offer<>(Pki.class, ports -> pki(ports.config())));
    }

    /** Returns what is offered to the components of a cluster. */
    public static Pki pki(ClusterConfig config) {
        return new Pki() {
            @Override
            public String trustedCertificates() {
                return pem("CERTIFICATE", "the authority of " + config.name());
            }

            @Override
            public CertificateBundle issue(CertificateRequest request) {
                return new CertificateBundle(certificate(request), Secret.of(pem("PRIVATE KEY", "a key")));
            }

            @Override
            public Optional<String> defect(String pem, CertificateRequest request) {
                return pem.equals(certificate(request)) ? Optional.empty() : Optional.of("is another's");
            }
        };
    }

    private static String certificate(CertificateRequest request) {
        return pem("CERTIFICATE", request.toString());
    }

    private static String pem(String kind, String content) {
        return "-----BEGIN " + kind + "-----\n" + content + "\n-----END " + kind + "-----\n";
    }
}
