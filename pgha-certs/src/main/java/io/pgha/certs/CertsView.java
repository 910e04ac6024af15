package io.pgha.certs;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * All certificates of a cluster at one moment. Immutable; {@code toString} prints a table.
 *
 * @param cluster the cluster's name
 * @param at when they were looked at
 * @param generation the generation that is issued now
 * @param rotation how far the replacement of the authority has come
 * @param authority the SHA-256 fingerprint of the authority that issues now
 * @param authorityEnds when that authority ends, or an issuer of it where that is earlier
 * @param certificates one for each port at which a daemon shows a certificate, in the topology's order
 */
public record CertsView(
        String cluster,
        Instant at,
        int generation,
        CaRotation rotation,
        String authority,
        Instant authorityEnds,
        List<CertificateStatus> certificates) {

    /**
     * Returns whether every daemon shows the certificate that it should.
     *
     * @return true where no certificate has a defect
     */
    public boolean healthy() {
        return defective().isEmpty();
    }

    /**
     * Returns the certificates that are not as they should be.
     *
     * @return those with defects
     */
    public List<CertificateStatus> defective() {
        return certificates.stream().filter(each -> !each.defects().isEmpty()).toList();
    }

    /**
     * Returns the certificates that end soon, in the file or in the daemon.
     *
     * @param within how soon
     * @return those that end before this view's moment plus the period, the first to end first
     */
    public List<CertificateStatus> expiring(Duration within) {
        return certificates.stream()
                .filter(each ->
                        each.ends().filter(end -> end.isBefore(at.plus(within))).isPresent())
                .sorted((one, other) ->
                        one.ends().orElse(Instant.MAX).compareTo(other.ends().orElse(Instant.MAX)))
                .toList();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(cluster)
                .append(": ")
                .append(certificates.size())
                .append(" certificates of generation ")
                .append(generation)
                .append(rotation == CaRotation.SETTLED ? "" : ", " + rotation)
                .append(", ")
                .append(healthy() ? "all well" : defective().size() + " defective");
        int widest = certificates.stream()
                .mapToInt(each -> each.node().length())
                .max()
                .orElse(0);
        int longest = certificates.stream()
                .mapToInt(each -> each.endpoint().length())
                .max()
                .orElse(0);
        for (CertificateStatus each : certificates) {
            Optional<CertificateView> shown = each.served().or(each::file);
            text.append('\n')
                    .append(padded(each.node(), widest))
                    .append("  ")
                    .append(padded(each.endpoint(), longest))
                    .append("  ")
                    .append(shown.map(view -> view.generation() + "  "
                                    + view.notAfter().atZone(ZoneOffset.UTC).toLocalDate())
                            .orElse("-  -         "))
                    .append("  ")
                    .append(each.defects().isEmpty() ? "ok" : String.join("; ", each.defects()));
        }
        return text.toString();
    }

    private static String padded(String word, int width) {
        return word + " ".repeat(width - word.length());
    }
}
