package io.pgha.ssh;

import io.pgha.Problem;
import io.pgha.host.HostException;

/**
 * Reports that a machine did not prove its identity.
 *
 * <p>Codes: {@code ssh.host-key-unknown}, {@code ssh.host-key-changed}, {@code ssh.host-key-revoked},
 * {@code ssh.known-hosts-unreadable} and {@code ssh.known-hosts-unwritable}.
 */
public class HostKeyException extends HostException {
    private static final long serialVersionUID = 1L;

    private final String fingerprint;

    /**
     * Creates the exception.
     *
     * @param problem what is wrong and what to do
     * @param fingerprint that of the key that the machine sent, as {@code ssh-keygen -l} prints it
     */
    public HostKeyException(Problem problem, String fingerprint) {
        super(problem, null);
        this.fingerprint = fingerprint;
    }

    /**
     * Returns the fingerprint of the key that the machine sent.
     *
     * @return for example {@code SHA256:O338SVtq8PqZKqnnfB7GhqC/6TRSLvNBSNQwHZVguyU}, as {@code ssh-keygen -l} prints
     *     it
     */
    public String fingerprint() {
        return fingerprint;
    }
}
