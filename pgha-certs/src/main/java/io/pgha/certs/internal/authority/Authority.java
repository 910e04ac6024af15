package io.pgha.certs.internal.authority;

import io.pgha.certs.AuthorityOptions;
import io.pgha.certs.internal.crypto.Certificates;
import io.pgha.certs.internal.crypto.Keys;
import io.pgha.model.pki.KeyAlgorithm;
import io.pgha.model.pki.PkiConfig;
import io.pgha.port.CertificateBundle;
import io.pgha.port.CertificateRequest;
import io.pgha.secret.Secret;
import io.pgha.tls.Pem;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A certificate authority that is open: it can sign. Immutable and thread-safe; does no I/O. */
public final class Authority {
    private static final Logger LOG = LoggerFactory.getLogger(Authority.class);

    private final Lineage lineage;
    private final PrivateKey key;
    private final int generation;
    private final Clock clock;

    private Authority(Lineage lineage, PrivateKey key, int generation, Clock clock) {
        this.lineage = lineage;
        this.key = key;
        this.generation = generation;
        this.clock = clock;
    }

    public static Authority create(AuthorityOptions options, Clock clock) {
        KeyPair keys = Keys.generate(options.keyAlgorithm());
        X509Certificate certificate = Issuance.authority(options, keys, clock.instant());
        return new Authority(new Lineage(List.of(certificate), List.of()), keys.getPrivate(), 1, clock);
    }

    /**
     * Opens one that exists, and finds out whether the daemons will accept what it issues: a certificate is issued on
     * trial and validated, for servers and for clients, as Go (etcd) and OpenSSL (PostgreSQL, Patroni, HAProxy) do it.
     */
    public static Authority open(String certificates, Secret privateKey, Optional<Secret> passphrase) {
        List<X509Certificate> given = CertificateText.read(certificates);
        PrivateKey key = KeyText.read(privateKey.reveal(), passphrase);
        Lineage lineage = Lineage.of(given, key);
        new AuthorityTrial(lineage, key).requireSound();
        if (!lineage.others().isEmpty()) {
            LOG.warn(
                    "Beside the authority {} these are trusted, which have not issued it: {}",
                    lineage.own().getSubjectX500Principal(),
                    Lineage.names(lineage.others()));
        }
        List<String> leftOut = given.stream()
                .filter(each -> !lineage.all().contains(each))
                .map(each -> each.getSubjectX500Principal() + ", issued by " + each.getIssuerX500Principal())
                .toList();
        if (!leftOut.isEmpty()) {
            LOG.warn(
                    "Beside the authority {} these are left out, since their issuer is not given and OpenSSL might follow them"
                            + " instead: {}",
                    lineage.own().getSubjectX500Principal(),
                    String.join("; ", leftOut));
        }
        return new Authority(lineage, key, 1, Clock.systemUTC());
    }

    /** Opens one that was kept: tried before, and needed to get rid of it even where it has become useless. */
    public static Authority open(CertificateBundle bundle, int generation, Clock clock) {
        PrivateKey key = KeyText.read(bundle.privateKey().reveal(), Optional.empty());
        Lineage lineage = Lineage.of(CertificateText.read(bundle.certificate()), key);
        AuthorityTrial.requireSigner(lineage.own(), 0);
        return new Authority(lineage, key, generation, clock);
    }

    /** Refuses to be brought in while it is not valid. */
    public void requireValid(Instant now) {
        trial().requireValid(now);
    }

    /** Returns whether nothing that it has issued is valid any more. */
    public boolean hasEnded(Instant now) {
        return !now.isBefore(notAfter());
    }

    /** Refuses to be used any longer once it, or an issuer, has ended. */
    public void requireNotEnded(Instant now) {
        if (hasEnded(now)) {
            throw Failure.of(
                    "pki.authority-expired",
                    "The authority " + lineage.firstToEnd().getSubjectX500Principal() + " ended on " + notAfter()
                            + ", and with it every certificate of "
                            + certificate().getSubjectX500Principal(),
                    "Check this machine's clock; if it is right, a new authority must be made and brought to every node.");
        }
    }

    /** Refuses to serve whoever has names that it may not issue for. */
    public void requireNames(SubjectNames names) {
        if (trial().constrained()) {
            trial().requireNames(names);
        }
    }

    private AuthorityTrial trial() {
        return new AuthorityTrial(lineage, key);
    }

    public CertificateBundle issue(CertificateRequest request, Duration validity) {
        return issue(
                request, validity, Keys.algorithm(certificate().getPublicKey()).orElse(KeyAlgorithm.EC_P256));
    }

    public CertificateBundle issue(CertificateRequest request, Duration validity, KeyAlgorithm keyAlgorithm) {
        SubjectNames names = SubjectNames.of(request);
        KeyPair keys = Keys.generate(keyAlgorithm);
        return new CertificateBundle(signed(names, keys.getPublic(), validity), pem(keys.getPrivate()));
    }

    public String sign(String signingRequest, Duration validity) {
        SigningRequest read = SigningRequest.read(signingRequest);
        return signed(SubjectNames.of(read.names()), read.key(), validity);
    }

    public String sign(String signingRequest, CertificateRequest request, Duration validity) {
        return signed(
                SubjectNames.of(request), SigningRequest.read(signingRequest).key(), validity);
    }

    private String signed(SubjectNames names, PublicKey leafKey, Duration validity) {
        X509Certificate leaf =
                Issuance.leaf(names, leafKey, validity, new Issuer(lineage, key, generation), clock.instant());
        return Certificates.pem(leaf) + intermediates();
    }

    /**
     * What whoever trusts only the root needs to find the way there: the issuers below it, as far as they are known.
     */
    private String intermediates() {
        return lineage.line().stream()
                .filter(each -> !Lineage.selfSigned(each))
                .map(Certificates::pem)
                .reduce("", String::concat);
    }

    public Optional<String> defect(String pem, CertificateRequest request, PkiConfig pki) {
        return new CertificateJudge(lineage, pki, generation, clock.instant()).defect(pem, SubjectNames.of(request));
    }

    public String trustedCertificates() {
        return lineage.all().stream().map(Certificates::pem).reduce("", String::concat);
    }

    public String fingerprint() {
        return Certificates.fingerprint(certificate());
    }

    public Instant notAfter() {
        return lineage.end();
    }

    public CertificateBundle bundle() {
        return new CertificateBundle(trustedCertificates(), pem(key));
    }

    @Override
    public String toString() {
        return certificate().getSubjectX500Principal() + ", "
                + Keys.name(certificate().getPublicKey()) + ", until " + notAfter();
    }

    private X509Certificate certificate() {
        return lineage.own();
    }

    private static Secret pem(PrivateKey key) {
        return Secret.of(Pem.write(Pem.PRIVATE_KEY, key.getEncoded()));
    }
}
