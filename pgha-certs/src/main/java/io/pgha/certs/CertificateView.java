package io.pgha.certs;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;

/**
 * A certificate as it was found in a file or in a handshake. Immutable.
 *
 * @param subject for whom it is, for example {@code CN=postgres-01}; where it has no common name its first other name, for example
 *     {@code DNS=postgres-01}
 * @param serial its serial number, hexadecimal, as {@code openssl x509 -serial} prints it
 * @param fingerprint its SHA-256 fingerprint, as {@code openssl x509 -fingerprint -sha256} prints it
 * @param generation the generation in which it was issued; meaningful for the cluster's own certificates only
 * @param notBefore when it begins
 * @param notAfter when it ends
 */
public record CertificateView(
        String subject, String serial, String fingerprint, int generation, Instant notBefore, Instant notAfter) {

    private static final Integer DNS_NAME = 2;

    static CertificateView of(X509Certificate certificate) {
        String serial = certificate.getSerialNumber().toString(16).toUpperCase(Locale.ROOT);
        return new CertificateView(
                subject(certificate).replaceAll("[^\\x20-\\x7e]", "?"),
                serial.length() % 2 == 0 ? serial : "0" + serial,
                Certificates.fingerprint(certificate),
                Issuance.generation(certificate),
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant());
    }

    private static String subject(X509Certificate certificate) {
        String subject = certificate.getSubjectX500Principal().getName();
        try {
            return subject.isEmpty() && certificate.getSubjectAlternativeNames() != null
                    ? certificate.getSubjectAlternativeNames().stream()
                            .findFirst()
                            .map(name -> (name.get(0).equals(DNS_NAME) ? "DNS=" : "IP=") + name.get(1))
                            .orElse(subject)
                    : subject;
        } catch (CertificateParsingException unreadable) {
            return subject;
        }
    }

    /** Starts with one short line. */
    @Override
    public String toString() {
        LocalDate end = notAfter.atZone(ZoneOffset.UTC).toLocalDate();
        return subject + ", generation " + generation + ", until " + end;
    }
}
