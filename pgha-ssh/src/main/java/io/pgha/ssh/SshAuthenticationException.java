package io.pgha.ssh;

import io.pgha.Problem;
import io.pgha.host.HostException;
import org.jspecify.annotations.Nullable;

/**
 * Reports that a machine did not let us in, or not as root.
 *
 * <p>Codes: {@code ssh.authentication-failed}, {@code ssh.log-in-ended}, {@code ssh.password-expired},
 * {@code ssh.key-unreadable}, {@code ssh.key-unsupported}, {@code ssh.key-passphrase-required},
 * {@code ssh.key-passphrase-wrong}, {@code ssh.shell-refused}, {@code ssh.input-eaten}, {@code ssh.sudo-missing},
 * {@code ssh.sudo-password-required}, {@code ssh.sudo-password-wrong}, {@code ssh.sudo-denied} and
 * {@code ssh.sudo-noexec}.
 */
public class SshAuthenticationException extends HostException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param problem what is wrong and what to do
     * @param cause the failure underneath, or null
     */
    public SshAuthenticationException(Problem problem, @Nullable Throwable cause) {
        super(problem, cause);
    }
}
