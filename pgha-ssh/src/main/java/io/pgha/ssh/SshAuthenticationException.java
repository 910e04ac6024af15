package io.pgha.ssh;

import io.pgha.Problem;
import io.pgha.host.HostException;
import org.jspecify.annotations.Nullable;

/**
 * Reports that a machine did not let us in, or not as root.
 *
 * <p>Codes: {@code ssh.authentication-failed}, {@code ssh.key-unreadable}, {@code ssh.key-passphrase-required},
 * {@code ssh.key-passphrase-wrong}, {@code ssh.shell-refused}, {@code ssh.sudo-missing},
 * {@code ssh.sudo-password-required}, {@code ssh.sudo-password-wrong} and {@code ssh.sudo-denied}.
 */
public class SshAuthenticationException extends HostException {
    private static final long serialVersionUID = 1L;

    SshAuthenticationException(Problem problem, @Nullable Throwable cause) {
        super(problem, cause);
    }
}
