package io.pgha.ssh;

import io.pgha.secret.Secret;
import java.nio.file.Path;
import java.util.Optional;

/** What a user proves to be that user with; tried in the order given. Immutable and thread-safe. */
public sealed interface SshCredential {

    /**
     * A private key file: OpenSSH's own format, PEM or PKCS#8; Ed25519, ECDSA or RSA. It is read once, before the first
     * connection that may need it; a pipe or a device is refused.
     *
     * @param file the private key, not the {@code .pub} file
     * @param passphrase what the file is encrypted with, or empty where it is not
     */
    record PrivateKey(Path file, Optional<Secret> passphrase) implements SshCredential {}

    /**
     * A password, offered as {@code password} or, where the server has only that, as {@code keyboard-interactive}.
     *
     * @param secret the password
     */
    record Password(Secret secret) implements SshCredential {}
}
