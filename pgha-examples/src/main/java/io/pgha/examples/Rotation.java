package io.pgha.examples;

import io.pgha.Cluster;
import io.pgha.certs.Certs;
import io.pgha.certs.CertsClient;
import io.pgha.run.RunListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Certificates and their authority are replaced while the cluster serves. */
public final class Rotation {
    private Rotation() {}

    /**
     * Replaces all certificates, and then the authority.
     *
     * @param cluster a running cluster
     * @param applications where applications find the certificates that they verify PostgreSQL by
     * @throws IOException when that file cannot be written
     * @throws InterruptedException when the thread is interrupted
     */
    public static void rotate(Cluster cluster, Path applications) throws IOException, InterruptedException {
        // region rotation
        try (CertsClient certs = Certs.client(cluster)) {
            System.out.println(certs.status()); // files, and what a TLS handshake with every daemon shows
            certs.rotateLeaves().apply(run -> run.listener(RunListener.console()));

            do { // trust both authorities, issue from the new one, drop the old one; goes on where it was cut short
                certs.rotateCa().apply(run -> run.listener(RunListener.console()));
                Files.writeString(applications, certs.trustedCertificates());
            } while (certs.rotating());
        }
        // endregion
    }
}
