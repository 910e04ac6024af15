package io.pgha.certs.internal.authority;

import io.pgha.certs.PkiException;
import io.pgha.certs.internal.crypto.KeyKind;
import java.io.IOException;
import java.net.InetAddress;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.NameConstraints;

/**
 * Finds out whether the daemons will accept what an authority issues, before any of them has it: looks at what Go
 * (etcd) and OpenSSL (PostgreSQL, Patroni, HAProxy) demand of it and of its issuers, issues a certificate and validates
 * that. Java alone would overlook purposes, which the others pass on from an authority to what it issues.
 */
final class AuthorityTrial {
    private static final int KEY_CERT_SIGN = 5;
    private static final int SHORTEST_RSA = 2048;

    /** Go's TLS refuses longer ones, for they take long to verify. */
    private static final int LONGEST_RSA = 8192;

    /** OpenSSL does not take anyExtendedKeyUsage for these, where it stands alone. */
    private static final Map<KeyPurposeId, String> PURPOSES = Map.of(
            KeyPurposeId.id_kp_serverAuth, "serverAuth (TLS server)",
            KeyPurposeId.id_kp_clientAuth, "clientAuth (TLS client)");

    /** What Go, OpenSSL and Java understand where it is marked as critical. */
    private static final Set<String> UNDERSTOOD = Set.of(
            Extension.basicConstraints.getId(),
            Extension.keyUsage.getId(),
            Extension.extendedKeyUsage.getId(),
            Extension.nameConstraints.getId(),
            Extension.certificatePolicies.getId(),
            Extension.subjectAlternativeName.getId(),
            Extension.subjectKeyIdentifier.getId(),
            Extension.authorityKeyIdentifier.getId());

    /** Of these kinds Go understands name constraints. */
    private static final Set<Integer> CONSTRAINED = Set.of(
            GeneralName.dNSName, GeneralName.iPAddress, GeneralName.rfc822Name, GeneralName.uniformResourceIdentifier);

    private static final List<String> SIGNATURES = List.of(
            "SHA256withRSA",
            "SHA384withRSA",
            "SHA512withRSA",
            "RSASSA-PSS with SHA-256",
            "RSASSA-PSS with SHA-384",
            "RSASSA-PSS with SHA-512",
            "SHA256withECDSA",
            "SHA384withECDSA",
            "SHA512withECDSA",
            "Ed25519",
            "EdDSA");

    private final Lineage lineage;
    private final PrivateKey key;

    AuthorityTrial(Lineage lineage, PrivateKey key) {
        this.lineage = lineage;
        this.key = key;
    }

    /** Refuses an authority whose certificates somebody would refuse, whenever it is used. */
    void requireSound() {
        requireSigner(lineage.own(), 0);
        lineage.all().forEach(AuthorityTrial::requireKey);
        if (!lineage.complete()) {
            throw incomplete();
        }
        for (int below = 0; below < lineage.line().size(); below++) {
            X509Certificate certificate = lineage.line().get(below);
            requireSigner(certificate, below);
            requirePurposes(certificate);
            requireSignature(certificate);
            requireUnderstood(certificate);
        }
        if (!lineage.begin().isBefore(lineage.end())) {
            throw unfit(
                    lineage.own(),
                    "and its issuers are never valid at one time: it would have to be after " + lineage.begin()
                            + " and before " + lineage.end());
        }
        // The names that every daemon's certificate has beside its own.
        requireNames(new SubjectNames(
                Optional.of("pgha trial"),
                List.of("localhost"),
                Stream.of("127.0.0.1", "::1").map(SubjectNames::address).toList()));
    }

    private PkiException incomplete() {
        X509Certificate top = lineage.top();
        Optional<String> contradiction = lineage.contradiction();
        if (contradiction.isEmpty()) {
            return Failure.of(
                    "pki.issuer-missing",
                    "The authority " + name(lineage.own()) + " was issued by " + top.getIssuerX500Principal()
                            + ", whose certificate is not given: OpenSSL, and so PostgreSQL, trusts nothing below it then",
                    "Give the certificates of all issuers beside it, up to the one that nobody else has issued.");
        }
        if (top.getIssuerX500Principal().equals(top.getSubjectX500Principal())) {
            return unfit(
                    top,
                    "calls its issuer, which is itself, " + contradiction.get()
                            + " (authorityKeyIdentifier); OpenSSL, and so PostgreSQL, looks for another issuer then");
        }
        return Failure.of(
                "pki.issuer-missing",
                "The authority " + name(top) + " was issued under another certificate of "
                        + top.getIssuerX500Principal()
                        + " than the given one: its authorityKeyIdentifier names " + contradiction.get()
                        + ", and OpenSSL, and so PostgreSQL, trusts nothing below it without that one",
                "Give the certificate of the issuer that it names (openssl x509 -noout -serial -ext subjectKeyIdentifier"
                        + " -in FILE shows what a certificate is called), or have the authority issued anew under the given one.");
    }

    /** Refuses an authority that is not valid now. */
    void requireValid(Instant now) {
        for (X509Certificate certificate : lineage.line()) {
            if (!now.isBefore(certificate.getNotAfter().toInstant())) {
                throw Failure.of(
                        "pki.authority-expired",
                        "The authority " + name(certificate) + " ended on "
                                + certificate.getNotAfter().toInstant(),
                        "Check this machine's clock; if it is right, give an authority that is valid.");
            }
            if (now.isBefore(certificate.getNotBefore().toInstant())) {
                throw Failure.of(
                        "pki.authority-not-yet-valid",
                        "The authority " + name(certificate) + " is not valid before "
                                + certificate.getNotBefore().toInstant(),
                        "Check this machine's clock; if it is right, wait until then, or give another authority.");
            }
        }
    }

    /** Refuses an authority that may not issue for these names: issues a certificate for them and validates it. */
    void requireNames(SubjectNames names) {
        Instant moment = lineage.begin();
        // The authority's own key: it says nothing here, and a new one would take its time.
        X509Certificate leaf = Issuance.leaf(
                names, lineage.own().getPublicKey(), Duration.ofSeconds(1), new Issuer(lineage, key, 1), moment);
        List<X509Certificate> path = new ArrayList<>(List.of(leaf));
        path.addAll(lineage.line());
        try {
            // The topmost is validated, too, and not only trusted: Go and OpenSSL keep to its constraints.
            X509Certificate top = lineage.top();
            PKIXParameters parameters = new PKIXParameters(
                    Set.of(new TrustAnchor(top.getSubjectX500Principal(), top.getPublicKey(), null)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(moment));
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
        } catch (CertPathValidatorException e) {
            X509Certificate culprit = lineage.line().get(Math.max(0, Math.min(e.getIndex(), path.size() - 1) - 1));
            throw Failure.of(
                    "pki.authority-unfit",
                    "The authority " + name(culprit) + " does not fit: a certificate for " + shown(names)
                            + " below it would be refused: " + reason(e),
                    constrained()
                            ? "Give an authority whose name constraints allow these names and addresses."
                            : "Give an authority without that restriction.",
                    e);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("This Java cannot validate certificates", impossible);
        }
    }

    /** Returns whether the names that it may issue for are restricted. */
    boolean constrained() {
        return lineage.line().stream()
                .anyMatch(each -> each.getExtensionValue(Extension.nameConstraints.getId()) != null);
    }

    private static String shown(SubjectNames names) {
        return Stream.concat(names.names().stream(), names.addresses().stream().map(InetAddress::getHostAddress))
                .reduce((one, other) -> one + ", " + other)
                .orElseGet(names::title);
    }

    private static String reason(CertPathValidatorException e) {
        return String.valueOf(e.getMessage());
    }

    /** Refuses what may not sign certificates, or not with so many others between. */
    static void requireSigner(X509Certificate certificate, int below) {
        boolean[] usage = certificate.getKeyUsage();
        if (certificate.getBasicConstraints() < 0 || (usage != null && !usage[KEY_CERT_SIGN])) {
            throw Failure.of(
                    "pki.not-an-authority",
                    "The certificate of " + name(certificate) + " may not sign others: it has not CA:TRUE"
                            + " and the key usage keyCertSign",
                    "Give the certificate of a certificate authority.");
        }
        if (certificate.getBasicConstraints() < below) {
            throw unfit(
                    certificate,
                    "may have " + certificate.getBasicConstraints() + " authorities below it (pathlen), and there are "
                            + below);
        }
    }

    private static void requirePurposes(X509Certificate certificate) {
        List<String> allowed;
        try {
            allowed = certificate.getExtendedKeyUsage();
        } catch (CertificateParsingException e) {
            throw unfit(certificate, "has an extendedKeyUsage that cannot be read");
        }
        if (allowed == null) {
            return;
        }
        List<String> missing = PURPOSES.entrySet().stream()
                .filter(purpose -> !allowed.contains(purpose.getKey().getId()))
                .map(Map.Entry::getValue)
                .sorted()
                .toList();
        if (!missing.isEmpty()) {
            throw unfit(
                    certificate,
                    "has an extendedKeyUsage without " + String.join(" and ", missing)
                            + ", which then nothing below it has either; etcd's members and Patroni are server and client"
                            + " with one certificate");
        }
    }

    private static void requireKey(X509Certificate certificate) {
        KeyKind kind = KeyKind.of(certificate.getPublicKey());
        if (kind.refusal().isPresent()) {
            throw KeyText.unusable("The key of the authority " + name(certificate), kind);
        }
        if (certificate.getPublicKey() instanceof RSAKey rsa) {
            int bits = rsa.getModulus().bitLength();
            if (bits < SHORTEST_RSA || bits > LONGEST_RSA) {
                throw unfit(
                        certificate,
                        "has an RSA key of " + bits + " bits; OpenSSL on Debian wants at least " + SHORTEST_RSA
                                + " and Go at most " + LONGEST_RSA);
            }
        }
    }

    /** Nobody looks at a signature by which somebody vouches for himself. */
    private static void requireSignature(X509Certificate certificate) {
        if (!Lineage.selfSigned(certificate) && !SIGNATURES.contains(signature(certificate))) {
            throw unfit(
                    certificate,
                    "is signed with " + signature(certificate) + ", which Go and OpenSSL on Debian refuse; they accept"
                            + " SHA-256, SHA-384 and SHA-512");
        }
    }

    /** RSASSA-PSS does not tell its digest by its name. */
    private static String signature(X509Certificate certificate) {
        String name = certificate.getSigAlgName();
        byte[] encoded = certificate.getSigAlgParams();
        if (!certificate.getSigAlgOID().equals(PKCSObjectIdentifiers.id_RSASSA_PSS.getId()) || encoded == null) {
            return name;
        }
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
            parameters.init(encoded);
            return "RSASSA-PSS with "
                    + parameters.getParameterSpec(PSSParameterSpec.class).getDigestAlgorithm();
        } catch (GeneralSecurityException | IOException unknown) {
            return name;
        }
    }

    private static void requireUnderstood(X509Certificate certificate) {
        if (certificate.getSerialNumber().signum() < 0) {
            throw unfit(certificate, "has a negative serial number, which Go refuses");
        }
        Set<String> strange = new TreeSet<>(
                Optional.ofNullable(certificate.getCriticalExtensionOIDs()).orElse(Set.of()));
        strange.removeAll(UNDERSTOOD);
        if (!strange.isEmpty()) {
            throw unfit(
                    certificate,
                    "has critical extensions that not everybody understands, and who does not must refuse it: "
                            + String.join(", ", strange));
        }
        byte[] constraints = certificate.getExtensionValue(Extension.nameConstraints.getId());
        if (constraints != null
                && strange(NameConstraints.getInstance(
                        ASN1OctetString.getInstance(constraints).getOctets()))) {
            throw unfit(
                    certificate,
                    "has name constraints of a kind that Go does not know; it knows those of DNS names, addresses, mail and"
                            + " URIs");
        }
    }

    private static boolean strange(NameConstraints constraints) {
        return Stream.of(constraints.getPermittedSubtrees(), constraints.getExcludedSubtrees())
                .flatMap(Stream::ofNullable)
                .flatMap(Stream::of)
                .map(GeneralSubtree::getBase)
                .anyMatch(base -> !CONSTRAINED.contains(base.getTagNo()));
    }

    private static String name(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().toString();
    }

    private static PkiException unfit(X509Certificate certificate, String why) {
        return Failure.of(
                "pki.authority-unfit",
                "The authority " + name(certificate) + " does not fit: it " + why,
                "Give an authority without that restriction, or one of pgha's own: CertificateAuthority.create(..).");
    }
}
