package io.pgha.certs;

import io.pgha.Given;
import io.pgha.certs.internal.authority.Authority;
import io.pgha.model.pki.KeyAlgorithm;
import io.pgha.model.pki.PkiConfig;
import io.pgha.port.CertificateBundle;
import io.pgha.port.CertificateRequest;
import io.pgha.secret.Secret;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

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
 * <p>Immutable and thread-safe; does no I/O. Uses the Java platform's cryptography and registers no provider.
 * {@code toString} hides the key.
 */
public final class CertificateAuthority {
    private final Authority authority;

    CertificateAuthority(Authority authority) {
        this.authority = authority;
    }

    Authority authority() {
        return authority;
    }

    /**
     * Makes a new authority: self-signed, for leaves only ({@code pathlen:0}), keys and serial number from
     * {@code SecureRandom}. Keeps it nowhere; see {@link #bundle()}.
     *
     * @param options completes the options; the cluster's name is mandatory
     * @return the authority
     * @throws PkiException when the name or the validity cannot be in a certificate (codes {@code pki.invalid-name},
     *     {@code pki.invalid-validity})
     */
    public static CertificateAuthority create(UnaryOperator<AuthorityOptions.Builder> options) {
        return new CertificateAuthority(Authority.create(
                Given.completed(AuthorityOptions.builder(), options, "options").build(), Clock.systemUTC()));
    }

    /**
     * Opens an authority that exists, and finds out whether the daemons will accept what it issues: a certificate is
     * issued on trial and validated, for servers and for clients, as Go (etcd) and OpenSSL (PostgreSQL, Patroni,
     * HAProxy) do it.
     *
     * @param certificates PEM, in any order: the authority's own, those of all its issuers where it is not self-signed,
     *     and others that are trusted beside it, such as an older authority that is being replaced; a warning in the
     *     log names these. Of several certificates of one key the one whose issuers are all given counts; another that
     *     leads nowhere is left out
     * @param privateKey PEM, EC (P-256, P-384, P-521), Ed25519 or RSA, not encrypted: PKCS#8, or as OpenSSL writes keys
     *     of one kind ({@code EC PRIVATE KEY}, {@code RSA PRIVATE KEY})
     * @return the authority
     * @throws PkiException when either cannot be read or is something else (code {@code pki.store-damaged}), the key is
     *     encrypted ({@code pki.key-encryption}) or of a kind that not everybody knows ({@code pki.key-unusable}), no
     *     certificate belongs to it ({@code pki.key-mismatch}), that may not sign others
     *     ({@code pki.not-an-authority}), that of an issuer is missing ({@code pki.issuer-missing}), or a daemon would
     *     refuse what it issues ({@code pki.authority-unfit})
     */
    public static CertificateAuthority open(String certificates, Secret privateKey) {
        Given.value(certificates, "certificates");
        Given.value(privateKey, "privateKey");
        return new CertificateAuthority(Authority.open(certificates, privateKey, Optional.empty()));
    }

    /**
     * Opens an authority that exists and whose key is encrypted: PKCS#8 ({@code ENCRYPTED PRIVATE KEY}), or OpenSSL's
     * traditional form ({@code DEK-Info}). Otherwise the same as {@link #open(String, Secret)}.
     *
     * @param certificates PEM, in any order
     * @param privateKey PEM
     * @param passphrase what the key is encrypted with; not needed where it is not
     * @return the authority
     * @throws PkiException when the passphrase does not open the key (code {@code pki.passphrase-wrong}), it is
     *     encrypted in an unknown way ({@code pki.key-encryption}), and as {@link #open(String, Secret)} does
     */
    public static CertificateAuthority open(String certificates, Secret privateKey, Secret passphrase) {
        Given.value(certificates, "certificates");
        Given.value(privateKey, "privateKey");
        Given.value(passphrase, "passphrase");
        return new CertificateAuthority(Authority.open(certificates, privateKey, Optional.of(passphrase)));
    }

    /**
     * Issues a certificate with a new key of the authority's own kind; EC P-256 where that is not one of
     * {@link KeyAlgorithm}.
     *
     * @param request for whom
     * @param validity how long it is valid, at least one second; it never outlives the authority or its issuers
     * @return certificate and key
     * @throws PkiException as {@link #issue(CertificateRequest, Duration, KeyAlgorithm)} does
     */
    public CertificateBundle issue(CertificateRequest request, Duration validity) {
        Given.value(request, "request");
        Given.value(validity, "validity");
        return authority.issue(request, validity);
    }

    /**
     * Issues a certificate for server and client use with a new key. It is valid from one hour ago, for machines whose
     * clocks are behind, but not from before the authority is.
     *
     * @param request for whom
     * @param validity how long it is valid, at least one second; it never outlives the authority or its issuers
     * @param keyAlgorithm the kind of the new key
     * @return certificate and key; behind the certificate the authority's own where that is not self-signed
     * @throws PkiException when a name or address cannot be in a certificate (code {@code pki.invalid-name}), the
     *     validity is not positive ({@code pki.invalid-validity}), or the authority or an issuer has ended
     *     ({@code pki.authority-expired})
     */
    public CertificateBundle issue(CertificateRequest request, Duration validity, KeyAlgorithm keyAlgorithm) {
        Given.value(request, "request");
        Given.value(validity, "validity");
        Given.value(keyAlgorithm, "keyAlgorithm");
        return authority.issue(request, validity, keyAlgorithm);
    }

    /**
     * Signs the request of another program for a key of its own, for the names in it: its common name, its DNS names
     * and its addresses. Everything else in it is ignored; the certificate is like those that {@link #issue} makes.
     *
     * @param signingRequest PEM, PKCS#10
     * @param validity how long it is valid, at least one second; it never outlives the authority or its issuers
     * @return PEM: the certificate, and behind it the authority's own where that is not self-signed
     * @throws PkiException when the request cannot be read, is not signed by its own key or has a weak one (code
     *     {@code pki.invalid-request}), and as {@link #issue(CertificateRequest, Duration, KeyAlgorithm)} does
     */
    public String sign(String signingRequest, Duration validity) {
        Given.value(signingRequest, "signingRequest");
        Given.value(validity, "validity");
        return authority.sign(signingRequest, validity);
    }

    /**
     * Signs the key in the request of another program, for names of the caller's choice: whoever made the request does
     * not decide whom it is for.
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
        return authority.sign(signingRequest, request, validity);
    }

    /**
     * Judges a certificate that is in use: issued by this authority, for the right names, of the right kind, not about
     * to end.
     *
     * @param pem the certificate; of several the first
     * @param request what it should be
     * @param pki what keys and renewal should be
     * @return why it must be replaced, in a few words, or empty where it is good
     * @throws PkiException when a name or address of the request cannot be in a certificate (code
     *     {@code pki.invalid-name})
     */
    public Optional<String> defect(String pem, CertificateRequest request, PkiConfig pki) {
        Given.value(pem, "pem");
        Given.value(request, "request");
        Given.value(pki, "pki");
        return authority.defect(pem, request, pki);
    }

    /**
     * Returns the certificates that whoever trusts this authority must have.
     *
     * @return PEM, the authority's own first
     */
    public String trustedCertificates() {
        return authority.trustedCertificates();
    }

    /**
     * Returns the authority's identity.
     *
     * @return the SHA-256 fingerprint of its certificate, as {@code openssl x509 -fingerprint -sha256} prints it
     */
    public String fingerprint() {
        return authority.fingerprint();
    }

    /**
     * Returns when the authority ends, and with it every certificate that it issued.
     *
     * @return the end of its own certificate, or of an issuer's where that is earlier
     */
    public Instant notAfter() {
        return authority.notAfter();
    }

    /**
     * Returns all that {@link #open} needs, for a store.
     *
     * @return certificates and private key; keep it safe
     */
    public CertificateBundle bundle() {
        return authority.bundle();
    }

    @Override
    public String toString() {
        return authority.toString();
    }
}
