package io.pgha.certs;

import io.pgha.model.PkiConfig;
import io.pgha.spi.CertificateBundle;
import io.pgha.spi.CertificateRequest;
import io.pgha.spi.Pki;
import java.util.Optional;
import java.util.function.Supplier;

/** One cluster's authority together with its settings; opened when first used. */
final class ClusterPki implements Pki {
    private final Supplier<CertificateAuthority> authority;
    private final PkiConfig config;

    ClusterPki(Supplier<CertificateAuthority> authority, PkiConfig config) {
        this.authority = authority;
        this.config = config;
    }

    @Override
    public String trustedCertificates() {
        return authority.get().trustedCertificates();
    }

    @Override
    public CertificateBundle issue(CertificateRequest request) {
        return authority.get().issue(request, config.leafValidity(), config.keyAlgorithm());
    }

    @Override
    public Optional<String> defect(String pem, CertificateRequest request) {
        return authority.get().defect(pem, request, config);
    }
}
