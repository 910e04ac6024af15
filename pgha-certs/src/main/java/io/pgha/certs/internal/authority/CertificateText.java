package io.pgha.certs.internal.authority;

import io.pgha.certs.PkiException;
import io.pgha.tls.Pem;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;

/** Reads an authority's certificates, or says what was given instead. */
final class CertificateText {
    private static final String REMEDY =
            "Give a PEM text (-----BEGIN CERTIFICATE-----) of the authority's certificate and those of its issuers.";

    private CertificateText() {}

    static List<X509Certificate> read(String text) {
        List<Pem> blocks;
        try {
            blocks = Pem.read(text);
        } catch (IllegalArgumentException e) {
            throw unreadable("is damaged: " + e.getMessage(), REMEDY);
        }
        if (blocks.stream().noneMatch(block -> block.label().equals(Pem.CERTIFICATE))) {
            throw other(text, blocks);
        }
        try {
            return Pem.certificates(text);
        } catch (CertificateException e) {
            throw Failure.of(
                    PkiException.STORE_DAMAGED,
                    "The authority's certificate cannot be read: " + e.getMessage(),
                    REMEDY,
                    e);
        }
    }

    private static PkiException other(String text, List<Pem> blocks) {
        if (blocks.isEmpty()) {
            return text.chars().anyMatch(each -> each < '\t' || each == '\ufffd')
                    ? unreadable(
                            "is not PEM but binary",
                            "Convert it: openssl x509 -inform DER -in FILE -out NEW for a certificate, openssl pkcs12 -in FILE"
                                    + " -out NEW for a key store.")
                    : unreadable("cannot be read: there is no certificate in PEM in the text", REMEDY);
        }
        String found = blocks.get(0).label();
        if (found.endsWith("CERTIFICATE REQUEST")) {
            return unreadable(
                    "is missing: a request for one stands in its place",
                    "Have the request signed by who is above this authority, and give what comes back.");
        }
        if (found.endsWith("PRIVATE KEY")) {
            return unreadable("is missing: a private key stands in its place", REMEDY);
        }
        if (found.equals("PKCS7")) {
            return unreadable("is in a PKCS7 block", "Take it out: openssl pkcs7 -print_certs -in FILE -out NEW.");
        }
        return unreadable("is missing: a " + found + " stands in its place", REMEDY);
    }

    private static PkiException unreadable(String why, String remedy) {
        return Failure.of(PkiException.STORE_DAMAGED, "The authority's certificate " + why, remedy);
    }
}
