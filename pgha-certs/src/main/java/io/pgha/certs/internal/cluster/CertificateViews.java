package io.pgha.certs.internal.cluster;

import io.pgha.certs.CertificateView;
import io.pgha.certs.internal.authority.Issuance;
import io.pgha.certs.internal.crypto.Certificates;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Locale;

/** Describes certificates as they were found. Stateless. */
public final class CertificateViews {
    private static final Integer DNS_NAME = 2;

    private CertificateViews() {}

    public static CertificateView of(X509Certificate certificate) {
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
}
