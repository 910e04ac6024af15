package io.pgha.certs.internal.cluster;

import io.pgha.certs.AuthorityOptions;
import io.pgha.certs.CaStore;
import io.pgha.certs.KeptAuthority;
import io.pgha.certs.PkiException;
import io.pgha.certs.internal.authority.Authority;
import io.pgha.certs.internal.authority.SubjectNames;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.Vip;
import io.pgha.port.CertificateBundle;
import io.pgha.port.CertificateRequest;
import io.pgha.port.Pki;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One cluster's authority together with its settings, as it is when it is first used; one plan sees one state of it.
 */
public final class ClusterPki implements Pki {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterPki.class);

    private final CaStore store;
    private final ClusterConfig config;
    private final Clock clock;
    private final Supplier<KeptAuthority> source;
    private @Nullable KeptAuthority read;
    private @Nullable Opened opened;

    /**
     * An authority that was opened.
     *
     * @param kept what the store had
     * @param authority what signs
     */
    private record Opened(KeptAuthority kept, Authority authority) {}

    private ClusterPki(CaStore store, ClusterConfig config, Clock clock, Supplier<KeptAuthority> source) {
        this.store = store;
        this.config = config;
        this.clock = clock;
        this.source = source;
    }

    /** Reads the store when it is first needed, and makes and keeps an authority where there is none. */
    public static ClusterPki of(CaStore store, ClusterConfig config, Clock clock) {
        return new ClusterPki(store, config, clock, () -> readOrCreate(store, config, clock));
    }

    /** Returns the same as it would be if the store had something else; it issues nothing before the store has it. */
    public ClusterPki as(KeptAuthority kept) {
        return new ClusterPki(store, config, clock, () -> kept);
    }

    /** Returns the same as the store has it now. */
    public ClusterPki fresh() {
        return of(store, config, clock);
    }

    public CaStore store() {
        return store;
    }

    public Clock clock() {
        return clock;
    }

    /** Returns what the store has, whether or not the authority in it is still good for anything. */
    public synchronized KeptAuthority kept() {
        KeptAuthority known = read;
        if (known == null) {
            known = source.get();
            read = known;
        }
        return known;
    }

    public Authority authority() {
        return open().authority();
    }

    @Override
    public String trustedCertificates() {
        return open().kept().trustedCertificates();
    }

    /** A plan that was made before another process replaced the authority would bring the old one back. */
    @Override
    public CertificateBundle issue(CertificateRequest request) {
        KeptAuthority planned = kept();
        if (!store.read(config.name()).equals(Optional.of(planned))) {
            throw PkiException.changed(config.name());
        }
        return authority()
                .issue(request, config.pki().leafValidity(), config.pki().keyAlgorithm());
    }

    @Override
    public Optional<String> defect(String pem, CertificateRequest request) {
        return authority().defect(pem, request, config.pki());
    }

    private synchronized Opened open() {
        Opened known = opened;
        if (known == null) {
            KeptAuthority kept = kept();
            Authority authority = Authority.open(kept.authority(), kept.generation(), clock);
            authority.requireNotEnded(clock.instant());
            warnOfItsEnd(authority);
            requireNames(authority);
            known = new Opened(kept, authority);
            opened = known;
        }
        return known;
    }

    /** Before a plan is made, not when its first certificate is issued. */
    private void requireNames(Authority authority) {
        for (Node node : config.topology().nodes()) {
            authority.requireNames(SubjectNames.of(CertificateRequest.builder()
                    .commonName(node.name())
                    .usage("trial")
                    .name(node.name())
                    .address(node.address())
                    .addAllAddresses(
                            config.topology().vips().stream().map(Vip::address).toList())
                    .build()));
        }
    }

    private void warnOfItsEnd(Authority authority) {
        if (authority.notAfter().isBefore(clock.instant().plus(config.pki().leafValidity()))) {
            LOG.warn(
                    "The certificate authority of {} ends on {}; no certificate outlives it; rotateCa() replaces it",
                    config.name(),
                    authority.notAfter());
        }
    }

    private static KeptAuthority readOrCreate(CaStore store, ClusterConfig config, Clock clock) {
        return store.read(config.name())
                .orElseGet(() -> store.keep(
                        config.name(), KeptAuthority.of(create(config, clock).bundle())));
    }

    public static Authority create(ClusterConfig config, Clock clock) {
        AuthorityOptions options = AuthorityOptions.builder()
                .cluster(config.name())
                .keyAlgorithm(config.pki().keyAlgorithm())
                .validity(config.pki().authorityValidity())
                .build();
        return Authority.create(options, clock);
    }
}
