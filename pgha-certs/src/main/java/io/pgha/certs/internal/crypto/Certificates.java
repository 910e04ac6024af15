package io.pgha.certs.internal.crypto;

import io.pgha.tls.Pem;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;

/** Reads and writes certificates. */
public final class Certificates {
    private Certificates() {}

    /** Returns the certificates of a PEM text in order, or none where any of them cannot be read. */
    public static List<X509Certificate> all(String text) {
        try {
            return Pem.certificates(text);
        } catch (CertificateException unreadable) {
            return List.of();
        }
    }

    public static String pem(X509Certificate certificate) {
        return Pem.write(Pem.CERTIFICATE, der(certificate));
    }

    public static String fingerprint(X509Certificate certificate) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(der(certificate));
            return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("This Java has no SHA-256", impossible);
        }
    }

    private static byte[] der(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException impossible) {
            throw new IllegalStateException("A certificate that was read cannot be written", impossible);
        }
    }
}
