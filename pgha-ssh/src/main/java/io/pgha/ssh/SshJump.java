package io.pgha.ssh;

import io.pgha.Given;
import io.pgha.Problem;
import io.pgha.model.InvalidConfigException;
import io.pgha.secret.Secret;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * Describes the machine that connections go through (OpenSSH's {@code ProxyJump}). Its host key is checked like any
 * other's; it needs to allow TCP forwarding, nothing else.
 *
 * <p>Immutable and thread-safe.
 */
@Value.Immutable
public interface SshJump {
    /**
     * Returns the name or address of the jump host.
     *
     * @return the host
     */
    String host();

    /**
     * Returns the TCP port of its SSH server.
     *
     * @return the port; 22 by default
     */
    @Value.Default
    default int port() {
        return 22;
    }

    /**
     * Returns who to log in as there.
     *
     * @return the user; {@link SshOptions#user()} where empty, the default
     */
    Optional<String> user();

    /**
     * Returns what to prove it with.
     *
     * @return the credentials in order; {@link SshOptions#credentials()} where empty, the default
     */
    List<SshCredential> credentials();

    /**
     * Refuses values that cannot work; called by the builder.
     *
     * @throws InvalidConfigException with everything that is wrong
     */
    @Value.Check
    default void check() {
        List<Problem> problems = new ArrayList<>();
        SshChecks.name(problems, "jump host", host());
        user().ifPresent(user -> SshChecks.name(problems, "jump user", user));
        SshChecks.port(problems, "jump port", port());
        SshChecks.credentials(problems, credentials());
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
    }

    /**
     * Returns a builder with the defaults that the attributes name.
     *
     * @return a new builder; only {@code host} is mandatory
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link SshJump}. Confined to one thread. */
    final class Builder extends ImmutableSshJump.Builder {
        Builder() {}

        /**
         * Adds an unencrypted private key.
         *
         * @param file the key file
         * @return this builder
         */
        public Builder privateKey(Path file) {
            Given.value(file, "file");
            return credential(new SshCredential.PrivateKey(file, Optional.empty()));
        }

        /**
         * Adds an encrypted private key.
         *
         * @param file the key file
         * @param passphrase what it is encrypted with
         * @return this builder
         */
        public Builder privateKey(Path file, Secret passphrase) {
            Given.value(file, "file");
            Given.value(passphrase, "passphrase");
            return credential(new SshCredential.PrivateKey(file, Optional.of(passphrase)));
        }

        /**
         * Adds a password.
         *
         * @param secret the password
         * @return this builder
         */
        public Builder password(Secret secret) {
            Given.value(secret, "secret");
            return credential(new SshCredential.Password(secret));
        }
    }
}
