package io.pgha.certs;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * A certificate as it was found in a file or in a handshake. Immutable.
 *
 * @param subject for whom it is, for example {@code CN=postgres-01}; where it has no common name its first other name,
 *     for example {@code DNS=postgres-01}
 * @param serial its serial number, hexadecimal, as {@code openssl x509 -serial} prints it
 * @param fingerprint its SHA-256 fingerprint, as {@code openssl x509 -fingerprint -sha256} prints it
 * @param generation the generation in which it was issued; meaningful for the cluster's own certificates only
 * @param notBefore when it begins
 * @param notAfter when it ends
 */
public record CertificateView(
        String subject, String serial, String fingerprint, int generation, Instant notBefore, Instant notAfter) {

    /** Starts with one short line. */
    @Override
    public String toString() {
        LocalDate end = notAfter.atZone(ZoneOffset.UTC).toLocalDate();
        return subject + ", generation " + generation + ", until " + end;
    }
}
