package io.pgha.certs;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Reads and writes certificates. */
final class Certificates {
    private Certificates() {}

    /** Returns the certificates of a PEM text in order, or none where any of them cannot be read. */
    static List<X509Certificate> all(String text) {
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            List<X509Certificate> certificates = new ArrayList<>();
            for (Pem block : Pem.read(text)) {
                if (block.label().equals(Pem.CERTIFICATE)) {
                    X509Certificate certificate =
                            (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der()));
                    // Java overlooks what follows; Go, and so etcd, does not.
                    if (certificate.getEncoded().length != block.der().length) {
                        return List.of();
                    }
                    certificates.add(certificate);
                }
            }
            return certificates;
        } catch (CertificateException unreadable) {
            return List.of();
        }
    }

    static String pem(X509Certificate certificate) {
        return Pem.write(Pem.CERTIFICATE, der(certificate));
    }

    static String fingerprint(X509Certificate certificate) {
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
