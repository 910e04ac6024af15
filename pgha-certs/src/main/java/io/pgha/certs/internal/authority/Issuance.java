package io.pgha.certs.internal.authority;

import io.pgha.certs.AuthorityOptions;
import io.pgha.certs.PkiException;
import io.pgha.certs.internal.crypto.KeyIdentifiers;
import io.pgha.certs.internal.crypto.Keys;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Fills in and signs certificates: one profile for the authority, one for leaves. */
public final class Issuance {
    /** How far a machine's clock may be behind the operator's and still accept a new certificate. */
    static final Duration SKEW = Duration.ofHours(1);

    /** Longer than any cluster lives, and short enough for the four-digit years of a certificate. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private static final int RANDOM_BITS = 128;

    private Issuance() {}

    static X509Certificate authority(AuthorityOptions options, KeyPair keys, Instant now) {
        Instant start = now.truncatedTo(ChronoUnit.SECONDS);
        X500Name name = SubjectNames.subject(authorityName(options.cluster()));
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name,
                serial(0),
                Date.from(start.minus(SKEW)),
                Date.from(start.plus(checked(options.validity()))),
                name,
                keys.getPublic());
        try {
            SubjectKeyIdentifier identifier = new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(Extension.subjectKeyIdentifier, false, identifier);
            builder.addExtension(
                    Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(identifier.getKeyIdentifier()));
            return sign(builder, keys.getPrivate());
        } catch (GeneralSecurityException | IOException e) {
            throw impossible(e);
        }
    }

    static X509Certificate leaf(SubjectNames names, PublicKey key, Duration validity, Issuer issuer, Instant now) {
        X509Certificate authority = issuer.certificate();
        Instant today = now.truncatedTo(ChronoUnit.SECONDS);
        Instant start = later(today.minus(SKEW), authority.getNotBefore().toInstant());
        Instant end = earlier(today.plus(checked(validity)), issuer.end());
        if (!end.isAfter(today)) {
            throw expired(names, issuer.lineage().firstToEnd());
        }
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                X500Name.getInstance(authority.getSubjectX500Principal().getEncoded()),
                serial(issuer.generation()),
                Date.from(start),
                Date.from(end),
                names.subject(),
                key);
        try {
            int usage = KeyUsage.digitalSignature | (Keys.rsa(key) ? KeyUsage.keyEncipherment : 0);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
            // Both: etcd's HTTP gateway and Patroni's REST clients use a server's certificate as a client's, too.
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
            }));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key));
            builder.addExtension(Extension.authorityKeyIdentifier, false, identifier(authority));
            if (!names.anonymous()) {
                boolean critical = names.commonName().isEmpty(); // as RFC 5280 demands, and Java checks
                builder.addExtension(Extension.subjectAlternativeName, critical, names.alternatives());
            }
            return sign(builder, issuer.key());
        } catch (GeneralSecurityException | IOException e) {
            throw impossible(e);
        }
    }

    /** Takes what the issuer calls its key: another authority's may be computed in another way. */
    private static AuthorityKeyIdentifier identifier(X509Certificate issuer)
            throws GeneralSecurityException, IOException {
        Optional<byte[]> identifier = KeyIdentifiers.own(issuer);
        return identifier.isPresent()
                ? new AuthorityKeyIdentifier(identifier.get())
                : new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(issuer.getPublicKey());
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder(Keys.signature(key)).build(key)));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private static String authorityName(String cluster) {
        String before = "pgha ";
        String after = " CA";
        int room = SubjectNames.LONGEST_COMMON_NAME - before.length() - after.length();
        return before + SubjectNames.commonName(cluster.substring(0, Math.min(room, cluster.length()))) + after;
    }

    /**
     * Returns a serial number that nobody can foresee, behind the number of its generation: so a certificate tells its
     * generation wherever it is met, also in a handshake. Twenty octets at most, as RFC 5280 wants it.
     */
    private static BigInteger serial(int generation) {
        return BigInteger.valueOf(generation)
                .shiftLeft(RANDOM_BITS)
                .or(new BigInteger(RANDOM_BITS, new SecureRandom()).setBit(0));
    }

    /** Returns a certificate's generation; 1 for those that were issued before generations were counted. */
    public static int generation(X509Certificate certificate) {
        BigInteger generation = certificate.getSerialNumber().shiftRight(RANDOM_BITS);
        return generation.bitLength() > 31 ? Integer.MAX_VALUE : Math.max(1, generation.intValue());
    }

    private static Duration checked(Duration validity) {
        if (validity.toSeconds() < 1 || validity.compareTo(LONGEST) > 0) {
            throw Failure.of(
                    "pki.invalid-validity",
                    "A certificate cannot be valid for " + validity,
                    "Use a validity between one second and " + LONGEST.toDays() + " days.");
        }
        return validity;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static PkiException expired(SubjectNames names, X509Certificate ended) {
        return Failure.of(
                "pki.authority-expired",
                "No certificate can be issued for " + names.title() + ": the authority "
                        + ended.getSubjectX500Principal() + " ended on "
                        + ended.getNotAfter().toInstant(),
                "Check this machine's clock; if it is right, a new authority must be made and brought to every node.");
    }

    private static IllegalStateException impossible(Exception cause) {
        return new IllegalStateException("This Java cannot sign a certificate", cause);
    }
}
