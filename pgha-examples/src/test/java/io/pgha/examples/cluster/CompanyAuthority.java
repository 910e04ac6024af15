package io.pgha.examples.cluster;

import io.pgha.certs.CertificateAuthority;
import io.pgha.secret.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** An authority as a company has one: made by openssl, below a root whose key nobody else ever sees. */
final class CompanyAuthority {
    private static final String SCRIPT = """
            set -e
            directory=$(mktemp -d)
            trap 'rm -rf "$directory"' EXIT
            cd "$directory"
            {
            openssl req -x509 -newkey rsa:2048 -nodes -subj "/O=Example/CN=Example Root" -days 3650 \\
              -keyout root.key -out root.crt
            openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/O=Example/CN=Example Databases" \\
              -keyout ca.key -out ca.csr
            cat >extensions <<'END'
            basicConstraints = critical, CA:TRUE, pathlen:0
            keyUsage = critical, keyCertSign, cRLSign
            subjectKeyIdentifier = hash
            authorityKeyIdentifier = keyid
            END
            openssl x509 -req -in ca.csr -CA root.crt -CAkey root.key -CAcreateserial -days 1825 \\
              -extfile extensions -out ca.crt
            } >&2
            cat ca.crt root.crt ca.key
            """;
    private static final String KEY = "-----BEGIN PRIVATE KEY";

    private CompanyAuthority() {}

    static CertificateAuthority create() throws IOException {
        Path said = Files.createTempFile("openssl", ".log");
        Process sh = new ProcessBuilder("sh", "-c", SCRIPT)
                .redirectError(said.toFile())
                .start();
        String files = new String(sh.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        try {
            if (!sh.waitFor(1, TimeUnit.MINUTES) || sh.exitValue() != 0) {
                throw new IOException("openssl has made no authority: " + Files.readString(said));
            }
            Files.delete(said);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        int key = files.indexOf(KEY);
        return CertificateAuthority.open(files.substring(0, key), Secret.of(files.substring(key)));
    }
}
