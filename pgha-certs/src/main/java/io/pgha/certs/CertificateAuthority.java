package io.pgha.certs;

import io.pgha.Given;
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
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A certificate authority that is open: it can sign. Stands alone, without a cluster or a store:
 *
 * <pre>{@code
 * CertificateAuthority authority = CertificateAuthority.create(ca -> ca.cluster("orders"));
 * CertificateBundle bundle = authority.issue(
 *         CertificateRequest.builder().commonName("pg1").usage("server").name("pg1").address("10.0.0.11").build(),
 *         Duration.ofDays(365));
 * }</pre>
 *
 * <p>Immutable and thread-safe; does no I/O. Uses the Java platform's cryptography and registers no provider. {@code toString}
 * hides the key.
 */
public final class CertificateAuthority {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateAuthority.class);

    private final Lineage lineage;
    private final PrivateKey key;
    private final int generation;
    private final Clock clock;

    private CertificateAuthority(Lineage lineage, PrivateKey key, int generation, Clock clock) {
        this.lineage = lineage;
        this.key = key;
        this.generation = generation;
        this.clock = clock;
    }

    /**
     * Makes a new authority: self-signed, for leaves only ({@code pathlen:0}), keys and serial number from {@code SecureRandom}.
     * Keeps it nowhere; see {@link #bundle()}.
     *
     * @param options completes the options; the cluster's name is mandatory
     * @return the authority
     * @throws PkiException when the name or the validity cannot be in a certificate (codes {@code pki.invalid-name}, {@code
     *     pki.invalid-validity})
     */
    public static CertificateAuthority create(UnaryOperator<AuthorityOptions.Builder> options) {
        return create(
                Given.completed(AuthorityOptions.builder(), options, "options").build(), Clock.systemUTC());
    }

    static CertificateAuthority create(AuthorityOptions options, Clock clock) {
        KeyPair keys = Keys.generate(options.keyAlgorithm());
        X509Certificate certificate = Issuance.authority(options, keys, clock.instant());
        return new CertificateAuthority(new Lineage(List.of(certificate), List.of()), keys.getPrivate(), 1, clock);
    }

    /**
     * Opens an authority that exists, and finds out whether the daemons will accept what it issues: a certificate is issued on
     * trial and validated, for servers and for clients, as Go (etcd) and OpenSSL (PostgreSQL, Patroni, HAProxy) do it.
     *
     * @param certificates PEM, in any order: the authority's own, those of all its issuers where it is not self-signed, and others
     *     that are trusted beside it, such as an older authority that is being replaced; a warning in the log names these. Of several certificates of one key the one whose
     *     issuers are all given counts; another that leads nowhere is left out
     * @param privateKey PEM, EC (P-256, P-384, P-521), Ed25519 or RSA, not encrypted: PKCS#8, or as OpenSSL writes keys of one kind
     *     ({@code EC PRIVATE KEY}, {@code RSA PRIVATE KEY})
     * @return the authority
     * @throws PkiException when either cannot be read or is something else (code {@code pki.store-damaged}), the key is encrypted
     *     ({@code pki.key-encryption}) or of a kind that not everybody knows ({@code pki.key-unusable}), no certificate belongs to
     *     it ({@code pki.key-mismatch}), that may not sign others ({@code pki.not-an-authority}), that of an issuer is missing
     *     ({@code pki.issuer-missing}), or a daemon would refuse what it issues ({@code pki.authority-unfit})
     */
    public static CertificateAuthority open(String certificates, Secret privateKey) {
        Given.value(certificates, "certificates");
        Given.value(privateKey, "privateKey");
        return open(certificates, privateKey, Optional.empty());
    }

    /**
     * Opens an authority that exists and whose key is encrypted: PKCS#8 ({@code ENCRYPTED PRIVATE KEY}), or OpenSSL's traditional
     * form ({@code DEK-Info}). Otherwise the same as {@link #open(String, Secret)}.
     *
     * @param certificates PEM, in any order
     * @param privateKey PEM
     * @param passphrase what the key is encrypted with; not needed where it is not
     * @return the authority
     * @throws PkiException when the passphrase does not open the key (code {@code pki.passphrase-wrong}), it is encrypted in an
     *     unknown way ({@code pki.key-encryption}), and as {@link #open(String, Secret)} does
     */
    public static CertificateAuthority open(String certificates, Secret privateKey, Secret passphrase) {
        Given.value(certificates, "certificates");
        Given.value(privateKey, "privateKey");
        Given.value(passphrase, "passphrase");
        return open(certificates, privateKey, Optional.of(passphrase));
    }

    private static CertificateAuthority open(String certificates, Secret privateKey, Optional<Secret> passphrase) {
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
        return new CertificateAuthority(lineage, key, 1, Clock.systemUTC());
    }

    /** Opens one that was kept: tried before, and needed to get rid of it even where it has become useless. */
    static CertificateAuthority open(CertificateBundle bundle, int generation, Clock clock) {
        PrivateKey key = KeyText.read(bundle.privateKey().reveal(), Optional.empty());
        Lineage lineage = Lineage.of(CertificateText.read(bundle.certificate()), key);
        AuthorityTrial.requireSigner(lineage.own(), 0);
        return new CertificateAuthority(lineage, key, generation, clock);
    }

    /** Refuses to be brought in while it is not valid. */
    void requireValid(Instant now) {
        trial().requireValid(now);
    }

    /** Returns whether nothing that it has issued is valid any more. */
    boolean hasEnded(Instant now) {
        return !now.isBefore(notAfter());
    }

    /** Refuses to be used any longer once it, or an issuer, has ended. */
    void requireNotEnded(Instant now) {
        if (hasEnded(now)) {
            throw PkiException.of(
                    "pki.authority-expired",
                    "The authority " + lineage.firstToEnd().getSubjectX500Principal() + " ended on " + notAfter()
                            + ", and with it every certificate of "
                            + certificate().getSubjectX500Principal(),
                    "Check this machine's clock; if it is right, a new authority must be made and brought to every node.");
        }
    }

    /** Refuses to serve whoever has names that it may not issue for. */
    void requireNames(SubjectNames names) {
        if (trial().constrained()) {
            trial().requireNames(names);
        }
    }

    private AuthorityTrial trial() {
        return new AuthorityTrial(lineage, key);
    }

    /**
     * Issues a certificate with a new key of the authority's own kind; EC P-256 where that is not one of {@link KeyAlgorithm}.
     *
     * @param request for whom
     * @param validity how long it is valid, at least one second; it never outlives the authority or its issuers
     * @return certificate and key
     * @throws PkiException as {@link #issue(CertificateRequest, Duration, KeyAlgorithm)} does
     */
    public CertificateBundle issue(CertificateRequest request, Duration validity) {
        Given.value(request, "request");
        Given.value(validity, "validity");
        return issue(
                request, validity, Keys.algorithm(certificate().getPublicKey()).orElse(KeyAlgorithm.EC_P256));
    }

    /**
     * Issues a certificate for server and client use with a new key. It is valid from one hour ago, for machines whose clocks are
     * behind, but not from before the authority is.
     *
     * @param request for whom
     * @param validity how long it is valid, at least one second; it never outlives the authority or its issuers
     * @param keyAlgorithm the kind of the new key
     * @return certificate and key; behind the certificate the authority's own where that is not self-signed
     * @throws PkiException when a name or address cannot be in a certificate (code {@code pki.invalid-name}), the validity is not
     *     positive ({@code pki.invalid-validity}), or the authority or an issuer has ended ({@code pki.authority-expired})
     */
    public CertificateBundle issue(CertificateRequest request, Duration validity, KeyAlgorithm keyAlgorithm) {
        Given.value(request, "request");
        Given.value(validity, "validity");
        Given.value(keyAlgorithm, "keyAlgorithm");
        SubjectNames names = SubjectNames.of(request);
        KeyPair keys = Keys.generate(keyAlgorithm);
        return new CertificateBundle(signed(names, keys.getPublic(), validity), pem(keys.getPrivate()));
    }

    /**
     * Signs the request of another program for a key of its own, for the names in it: its common name, its DNS names and its
     * addresses. Everything else in it is ignored; the certificate is like those that {@link #issue} makes.
     *
     * @param signingRequest PEM, PKCS#10
     * @param validity how long it is valid, at least one second; it never outlives the authority or its issuers
     * @return PEM: the certificate, and behind it the authority's own where that is not self-signed
     * @throws PkiException when the request cannot be read, is not signed by its own key or has a weak one (code {@code
     *     pki.invalid-request}), and as {@link #issue(CertificateRequest, Duration, KeyAlgorithm)} does
     */
    public String sign(String signingRequest, Duration validity) {
        Given.value(signingRequest, "signingRequest");
        Given.value(validity, "validity");
        SigningRequest read = SigningRequest.read(signingRequest);
        return signed(SubjectNames.of(read.names()), read.key(), validity);
    }

    /**
     * Signs the key in the request of another program, for names of the caller's choice: whoever made the request does not decide
     * whom it is for.
     *
     * @param signingRequest PEM, PKCS#10; only its key is used
     * @param request for whom
     * @param validity how long it is valid, at least one second; it never outlives the authority or its issuers
     * @return PEM: the certificate, and behind it the authority's own where that is not self-signed
     * @throws PkiException as {@link #sign(String, Duration)} does
     */
    public String sign(String signingRequest, CertificateRequest request, Duration validity) {
        Given.value(signingRequest, "signingRequest");
        Given.value(request, "request");
        Given.value(validity, "validity");
        return signed(
                SubjectNames.of(request), SigningRequest.read(signingRequest).key(), validity);
    }

    private String signed(SubjectNames names, PublicKey leafKey, Duration validity) {
        X509Certificate leaf =
                Issuance.leaf(names, leafKey, validity, new Issuer(lineage, key, generation), clock.instant());
        return Certificates.pem(leaf) + intermediates();
    }

    /** What whoever trusts only the root needs to find the way there: the issuers below it, as far as they are known. */
    private String intermediates() {
        return lineage.line().stream()
                .filter(each -> !Lineage.selfSigned(each))
                .map(Certificates::pem)
                .reduce("", String::concat);
    }

    /**
     * Judges a certificate that is in use: issued by this authority, for the right names, of the right kind, not about to end.
     *
     * @param pem the certificate; of several the first
     * @param request what it should be
     * @param pki what keys and renewal should be
     * @return why it must be replaced, in a few words, or empty where it is good
     * @throws PkiException when a name or address of the request cannot be in a certificate (code {@code pki.invalid-name})
     */
    public Optional<String> defect(String pem, CertificateRequest request, PkiConfig pki) {
        Given.value(pem, "pem");
        Given.value(request, "request");
        Given.value(pki, "pki");
        return new CertificateJudge(lineage, pki, generation, clock.instant()).defect(pem, SubjectNames.of(request));
    }

    /**
     * Returns the certificates that whoever trusts this authority must have.
     *
     * @return PEM, the authority's own first
     */
    public String trustedCertificates() {
        return lineage.all().stream().map(Certificates::pem).reduce("", String::concat);
    }

    /**
     * Returns the authority's identity.
     *
     * @return the SHA-256 fingerprint of its certificate, as {@code openssl x509 -fingerprint -sha256} prints it
     */
    public String fingerprint() {
        return Certificates.fingerprint(certificate());
    }

    /**
     * Returns when the authority ends, and with it every certificate that it issued.
     *
     * @return the end of its own certificate, or of an issuer's where that is earlier
     */
    public Instant notAfter() {
        return lineage.end();
    }

    /**
     * Returns all that {@link #open} needs, for a store.
     *
     * @return certificates and private key; keep it safe
     */
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
