package io.pgha.certs;

import io.pgha.Problem;
import io.pgha.model.KeyAlgorithm;
import io.pgha.model.PkiConfig;
import io.pgha.model.Secret;
import io.pgha.spi.CertificateBundle;
import io.pgha.spi.CertificateRequest;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

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
    private final List<X509Certificate> certificates;
    private final PrivateKey key;
    private final int generation;
    private final Clock clock;

    private CertificateAuthority(List<X509Certificate> certificates, PrivateKey key, int generation, Clock clock) {
        this.certificates = certificates;
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
        return create(options.apply(AuthorityOptions.builder()).build(), Clock.systemUTC());
    }

    static CertificateAuthority create(AuthorityOptions options, Clock clock) {
        KeyPair keys = Keys.generate(options.keyAlgorithm());
        X509Certificate certificate = Issuance.authority(options, keys, clock.instant());
        return new CertificateAuthority(List.of(certificate), keys.getPrivate(), 1, clock);
    }

    /**
     * Opens an authority that exists.
     *
     * @param certificates PEM; first the authority's own, after it others that are trusted beside it: its issuers where it is not
     *     self-signed, an older authority that is being replaced
     * @param privateKey PEM, EC or RSA, not encrypted: PKCS#8, or as OpenSSL writes keys of one kind ({@code EC PRIVATE KEY},
     *     {@code RSA PRIVATE KEY})
     * @return the authority
     * @throws PkiException when either cannot be read, they do not belong together, or the certificate may not sign others (codes
     *     {@code pki.store-damaged}, {@code pki.key-mismatch}, {@code pki.not-an-authority})
     */
    public static CertificateAuthority open(String certificates, Secret privateKey) {
        return open(new CertificateBundle(certificates, privateKey), 1, Clock.systemUTC());
    }

    static CertificateAuthority open(CertificateBundle bundle, int generation, Clock clock) {
        List<X509Certificate> certificates = Certificates.all(bundle.certificate());
        if (certificates.isEmpty()) {
            throw unreadable("certificate", "a PEM text with the authority's certificate first");
        }
        PrivateKey key = KeyText.read(bundle.privateKey().reveal())
                .orElseThrow(() -> unreadable("private key", "a PEM text of an unencrypted EC or RSA key"));
        X509Certificate certificate = certificates.get(0);
        requireAuthority(certificate);
        requirePair(certificate, key);
        return new CertificateAuthority(certificates, key, generation, clock);
    }

    /**
     * Issues a certificate with a new key of the authority's own kind; EC P-256 where that is not one of {@link KeyAlgorithm}.
     *
     * @param request for whom
     * @param validity how long it is valid, at least one second; it never outlives the authority
     * @return certificate and key
     * @throws PkiException as {@link #issue(CertificateRequest, Duration, KeyAlgorithm)} does
     */
    public CertificateBundle issue(CertificateRequest request, Duration validity) {
        return issue(
                request, validity, Keys.algorithm(certificate().getPublicKey()).orElse(KeyAlgorithm.EC_P256));
    }

    /**
     * Issues a certificate for server and client use with a new key. It is valid from one hour ago, for machines whose clocks are
     * behind, but not from before the authority is.
     *
     * @param request for whom
     * @param validity how long it is valid, at least one second; it never outlives the authority
     * @param keyAlgorithm the kind of the new key
     * @return certificate and key; behind the certificate the authority's own where that is not self-signed
     * @throws PkiException when a name or address cannot be in a certificate (code {@code pki.invalid-name}), the validity is not
     *     positive ({@code pki.invalid-validity}), or the authority has ended ({@code pki.authority-expired})
     */
    public CertificateBundle issue(CertificateRequest request, Duration validity, KeyAlgorithm keyAlgorithm) {
        SubjectNames names = SubjectNames.of(request);
        KeyPair keys = Keys.generate(keyAlgorithm);
        return new CertificateBundle(signed(names, keys.getPublic(), validity), pem(keys.getPrivate()));
    }

    /**
     * Signs the request of another program for a key of its own, for the names in it: its common name, its DNS names and its
     * addresses. Everything else in it is ignored; the certificate is like those that {@link #issue} makes.
     *
     * @param signingRequest PEM, PKCS#10
     * @param validity how long it is valid, at least one second; it never outlives the authority
     * @return PEM: the certificate, and behind it the authority's own where that is not self-signed
     * @throws PkiException when the request cannot be read, is not signed by its own key or has a weak one (code {@code
     *     pki.invalid-request}), and as {@link #issue(CertificateRequest, Duration, KeyAlgorithm)} does
     */
    public String sign(String signingRequest, Duration validity) {
        SigningRequest read = SigningRequest.read(signingRequest);
        return signed(SubjectNames.of(read.names()), read.key(), validity);
    }

    /**
     * Signs the key in the request of another program, for names of the caller's choice: whoever made the request does not decide
     * whom it is for.
     *
     * @param signingRequest PEM, PKCS#10; only its key is used
     * @param request for whom
     * @param validity how long it is valid, at least one second; it never outlives the authority
     * @return PEM: the certificate, and behind it the authority's own where that is not self-signed
     * @throws PkiException as {@link #sign(String, Duration)} does
     */
    public String sign(String signingRequest, CertificateRequest request, Duration validity) {
        return signed(
                SubjectNames.of(request), SigningRequest.read(signingRequest).key(), validity);
    }

    private String signed(SubjectNames names, PublicKey leafKey, Duration validity) {
        X509Certificate leaf =
                Issuance.leaf(names, leafKey, validity, new Issuer(certificate(), key, generation), clock.instant());
        return Certificates.pem(leaf) + intermediates();
    }

    /** What whoever trusts only the root needs to find the way there: the issuers below it, as far as they are known. */
    private String intermediates() {
        StringBuilder chain = new StringBuilder();
        X509Certificate last = certificate();
        int next = 1;
        while (!last.getIssuerX500Principal().equals(last.getSubjectX500Principal())) {
            chain.append(Certificates.pem(last));
            if (next >= certificates.size()
                    || !certificates.get(next).getSubjectX500Principal().equals(last.getIssuerX500Principal())) {
                break;
            }
            last = certificates.get(next++);
        }
        return chain.toString();
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
        return new CertificateJudge(certificate(), pki, generation, clock.instant())
                .defect(pem, SubjectNames.of(request));
    }

    /**
     * Returns the certificates that whoever trusts this authority must have.
     *
     * @return PEM, the authority's own first
     */
    public String trustedCertificates() {
        return certificates.stream().map(Certificates::pem).reduce("", String::concat);
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
     * @return the instant
     */
    public Instant notAfter() {
        return certificate().getNotAfter().toInstant();
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
        return certificates.get(0);
    }

    private static Secret pem(PrivateKey key) {
        return Secret.of(Pem.write(Pem.PRIVATE_KEY, key.getEncoded()));
    }

    private static void requireAuthority(X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        int keyCertSign = 5;
        if (certificate.getBasicConstraints() < 0 || (usage != null && !usage[keyCertSign])) {
            throw PkiException.of(
                    "pki.not-an-authority",
                    "The certificate of " + certificate.getSubjectX500Principal()
                            + " may not sign others: it has not CA:TRUE" + " and the key usage keyCertSign",
                    "Give the certificate of a certificate authority.");
        }
    }

    /** Comparing what both say they are is not enough: only a signature that verifies shows that they are a pair. */
    private static void requirePair(X509Certificate certificate, PrivateKey key) {
        try {
            Signature signature = Signature.getInstance(Keys.signature(key));
            signature.initSign(key);
            signature.update(certificate.getSignature());
            byte[] proof = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(certificate.getSignature());
            if (signature.verify(proof)) {
                return;
            }
        } catch (GeneralSecurityException otherKind) {
            throw mismatch(certificate, otherKind);
        }
        throw mismatch(certificate, null);
    }

    private static PkiException mismatch(X509Certificate certificate, @Nullable Throwable cause) {
        return new PkiException(
                Problem.of(
                        "pki.key-mismatch",
                        "The private key is not that of the authority " + certificate.getSubjectX500Principal(),
                        "Give the certificate and the private key of one authority, from one backup."),
                cause);
    }

    private static PkiException unreadable(String what, String wanted) {
        return PkiException.of(
                PkiException.STORE_DAMAGED, "The authority's " + what + " cannot be read", "Give " + wanted + ".");
    }
}
