package io.pgha.ssh;

import io.pgha.Given;
import io.pgha.Problem;
import io.pgha.model.InvalidConfigException;
import io.pgha.secret.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.immutables.value.Value;

/**
 * Describes how machines are reached over SSH. The host and the port are each node's own
 * ({@link io.pgha.model.Node#sshAddress()}, {@link io.pgha.model.Node#sshPort()}).
 *
 * <p>Immutable and thread-safe; building does no I/O. There is no support for an SSH agent.
 */
@Value.Immutable
public interface SshOptions {
    /**
     * Returns who to log in as: root, or a user who may become root with {@code sudo}.
     *
     * @return the user
     */
    String user();

    /**
     * Returns what to prove it with, in the order in which it is tried.
     *
     * @return at least one credential
     */
    List<SshCredential> credentials();

    /**
     * Returns the file of the machines' public keys, in OpenSSH's format and read by OpenSSH's rules: hashed names,
     * patterns, {@code [host]:port}, and the host without a port where that has no entry, {@code @revoked}.
     * Certificates of hosts ({@code @cert-authority}) are not supported; the error names such a line. It is read at
     * each connection.
     *
     * @return the file; {@code ~/.ssh/known_hosts} by default
     */
    @Value.Default
    default Path knownHosts() {
        return Path.of(System.getProperty("user.home"), ".ssh", "known_hosts");
    }

    /**
     * Returns what happens when {@link #knownHosts()} has no key for a machine.
     *
     * @return the policy; {@link HostKeyPolicy#STRICT} by default
     */
    @Value.Default
    default HostKeyPolicy hostKeyPolicy() {
        return HostKeyPolicy.STRICT;
    }

    /**
     * Returns the password for {@code sudo}, sent only to machines where {@link #user()} is not root.
     *
     * @return the password; where empty, the default, the first password among {@link #credentials()} is used if sudo
     *     asks
     */
    Optional<Secret> sudoPassword();

    /**
     * Returns the machine that connections go through.
     *
     * @return the jump host; empty by default
     */
    Optional<SshJump> jump();

    /**
     * Returns how long reaching a machine may take, from the name look-up to the end of the log-in, and then again how
     * long the check of {@code sudo} may, and before, the reading of the private keys.
     *
     * @return the limit, 10 seconds by default
     */
    @Value.Default
    default Duration connectTimeout() {
        return Duration.ofSeconds(10);
    }

    /**
     * Returns after how long a silence a machine is asked whether it is still there (OpenSSH's
     * {@code ServerAliveInterval}).
     *
     * @return the interval, 15 seconds by default
     */
    @Value.Default
    default Duration keepAliveInterval() {
        return Duration.ofSeconds(15);
    }

    /**
     * Returns how many such questions may stay without an answer before the connection counts as lost (OpenSSH's
     * {@code ServerAliveCountMax}, and its default).
     *
     * @return the count, 3 by default
     */
    @Value.Default
    default int keepAliveCount() {
        return 3;
    }

    /**
     * Refuses values that cannot work; called by the builder.
     *
     * @throws InvalidConfigException with everything that is wrong
     */
    @Value.Check
    default void check() {
        List<Problem> problems = new ArrayList<>();
        SshChecks.name(problems, "user", user());
        SshChecks.credentials(problems, credentials());
        SshChecks.path(problems, "file of known hosts", knownHosts());
        sudoPassword().ifPresent(secret -> SshChecks.oneLine(problems, "sudo password", secret));
        if (credentials().isEmpty()) {
            problems.add(Problem.of(
                    "config.ssh-credentials",
                    "Nothing is given to log in with as " + user(),
                    "Add privateKey(Path) or password(Secret)."));
        }
        SshChecks.positive(problems, "connect timeout", connectTimeout());
        SshChecks.positive(problems, "keep-alive interval", keepAliveInterval());
        if (keepAliveCount() < 1) {
            problems.add(Problem.of(
                    "config.ssh-keep-alive",
                    "The keep-alive count is " + keepAliveCount(),
                    "Give a count of at least 1; the default is 3."));
        }
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
    }

    /**
     * Returns a builder with the defaults that the attributes name.
     *
     * @return a new builder; {@code user} and one credential are mandatory
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link SshOptions}. Confined to one thread. */
    final class Builder extends ImmutableSshOptions.Builder {
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
         * Adds a password; it also serves {@code sudo} unless {@code sudoPassword} is given.
         *
         * @param secret the password
         * @return this builder
         */
        public Builder password(Secret secret) {
            Given.value(secret, "secret");
            return credential(new SshCredential.Password(secret));
        }

        /**
         * Goes through a jump host.
         *
         * @param jump fills in its description
         * @return this builder
         */
        public Builder jump(UnaryOperator<SshJump.Builder> jump) {
            return jump(Given.completed(SshJump.builder(), jump, "jump").build());
        }
    }
}
