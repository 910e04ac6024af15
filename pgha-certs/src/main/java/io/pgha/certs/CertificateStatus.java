package io.pgha.certs;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A certificate on a node: what its file has, and what a daemon shows of it at one port. Immutable.
 *
 * @param node the node's name
 * @param usage what it is for, for example {@code etcd}
 * @param endpoint where it is shown, for example {@code etcd peer at 10.0.0.1:2380}
 * @param path the file
 * @param file the certificate in the file; empty where there is none
 * @param served the certificate of the handshake; empty where there was none
 * @param defects what is not as it should be, each in a few words; empty where all is well
 */
public record CertificateStatus(
        String node,
        String usage,
        String endpoint,
        String path,
        Optional<CertificateView> file,
        Optional<CertificateView> served,
        List<String> defects) {

    /**
     * Returns whether the daemon shows another certificate than its file has, or none.
     *
     * @return false where both are there and equal
     */
    public boolean mismatch() {
        return file.isEmpty() || !file.equals(served);
    }

    /**
     * Returns when the first of both ends.
     *
     * @return the instant; empty where there is neither
     */
    public Optional<Instant> ends() {
        return Stream.of(file, served)
                .flatMap(Optional::stream)
                .map(CertificateView::notAfter)
                .min(Instant::compareTo);
    }

    @Override
    public String toString() {
        return node + ": " + endpoint + ": "
                + (defects.isEmpty()
                        ? served.map(CertificateView::toString).orElse("nothing")
                        : String.join("; ", defects));
    }
}
