package io.pgha.certs;

import io.pgha.model.ClusterConfig;
import io.pgha.spi.Component;
import io.pgha.spi.Pki;
import io.pgha.spi.PkiProvider;
import io.pgha.spi.PlanContext;
import io.pgha.spi.StageSpec;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives every other component the certificates. It has no stages of its own: each component brings the certificates of its own
 * daemon, to its own place, for its own user.
 */
final class CertsComponent implements Component, PkiProvider {
    private static final Logger LOG = LoggerFactory.getLogger(CertsComponent.class);

    private final CaStore store;
    private final Clock clock;

    /** Opening an authority costs a second of key derivation; once a process is enough. */
    private final Map<String, CertificateAuthority> open = new ConcurrentHashMap<>();

    CertsComponent(CaStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "certificates";
    }

    @Override
    public List<StageSpec> stages(PlanContext context) {
        return List.of();
    }

    @Override
    public Pki pki(ClusterConfig config) {
        return new ClusterPki(() -> authority(config), config.pki());
    }

    CertificateAuthority authority(ClusterConfig config) {
        return open.computeIfAbsent(config.name(), name -> openOrCreate(config));
    }

    private CertificateAuthority openOrCreate(ClusterConfig config) {
        CertificateAuthority authority = CertificateAuthority.open(
                store.read(config.name())
                        .orElseGet(
                                () -> store.keep(config.name(), create(config).bundle())),
                clock);
        if (authority.notAfter().isBefore(clock.instant().plus(config.pki().leafValidity()))) {
            LOG.warn(
                    "The certificate authority of {} ends on {}; no certificate outlives it",
                    config.name(),
                    authority.notAfter());
        }
        return authority;
    }

    private CertificateAuthority create(ClusterConfig config) {
        AuthorityOptions options = AuthorityOptions.builder()
                .cluster(config.name())
                .keyAlgorithm(config.pki().keyAlgorithm())
                .validity(config.pki().authorityValidity())
                .build();
        return CertificateAuthority.create(options, clock);
    }
}
