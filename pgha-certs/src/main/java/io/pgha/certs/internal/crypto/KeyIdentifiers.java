package io.pgha.certs.internal.crypto;

import java.io.IOException;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;

/**
 * What certificates say of their own key and of the certificate that issued them, beside names. OpenSSL takes nobody
 * for an issuer of whom an authorityKeyIdentifier says otherwise, whatever the signature says: so it is with a root
 * that was renewed with its old key and has another serial number or another subjectKeyIdentifier now.
 */
public final class KeyIdentifiers {
    private KeyIdentifiers() {}

    /** Returns what a certificate calls its own key. */
    public static Optional<byte[]> own(X509Certificate certificate) {
        return extension(certificate, Extension.subjectKeyIdentifier.getId())
                .map(value -> ASN1OctetString.getInstance(value).getOctets());
    }

    /**
     * Says what a certificate calls its issuer and what that is instead; empty where OpenSSL's X509_check_issued is
     * content.
     */
    public static Optional<String> contradiction(X509Certificate issuer, X509Certificate certificate) {
        try {
            return extension(certificate, Extension.authorityKeyIdentifier.getId())
                    .map(AuthorityKeyIdentifier::getInstance)
                    .flatMap(wanted ->
                            key(wanted, issuer).or(() -> serial(wanted, issuer)).or(() -> name(wanted, issuer)));
        } catch (IllegalArgumentException unreadable) {
            return Optional.of("something that cannot be read");
        }
    }

    private static Optional<String> key(AuthorityKeyIdentifier wanted, X509Certificate issuer) {
        byte[] key = wanted.getKeyIdentifierOctets();
        Optional<byte[]> found = own(issuer);
        return key == null || found.isEmpty() || Arrays.equals(key, found.get())
                ? Optional.empty()
                : Optional.of("the key " + hex(key) + ", not " + hex(found.get()));
    }

    private static Optional<String> serial(AuthorityKeyIdentifier wanted, X509Certificate issuer) {
        BigInteger serial = wanted.getAuthorityCertSerialNumber();
        return serial == null || serial.equals(issuer.getSerialNumber())
                ? Optional.empty()
                : Optional.of("the serial number " + hex(serial.toByteArray()) + ", not "
                        + hex(issuer.getSerialNumber().toByteArray()));
    }

    /** The issuer's certificate is told by its serial number and by who issued that. */
    private static Optional<String> name(AuthorityKeyIdentifier wanted, X509Certificate issuer) {
        return Stream.ofNullable(wanted.getAuthorityCertIssuer())
                .flatMap(names -> Stream.of(names.getNames()))
                .filter(name -> name.getTagNo() == GeneralName.directoryName)
                .map(KeyIdentifiers::principal)
                .findFirst()
                .filter(name -> !name.equals(issuer.getIssuerX500Principal()))
                .map(name -> "one that " + name + " issued, not " + issuer.getIssuerX500Principal());
    }

    private static X500Principal principal(GeneralName name) {
        try {
            return new X500Principal(X500Name.getInstance(name.getName()).getEncoded());
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Optional<byte[]> extension(X509Certificate certificate, String oid) {
        return Optional.ofNullable(certificate.getExtensionValue(oid))
                .map(value -> ASN1OctetString.getInstance(value).getOctets());
    }

    /** As OpenSSL prints it. */
    private static String hex(byte[] octets) {
        return HexFormat.ofDelimiter(":").withUpperCase().formatHex(octets);
    }
}
