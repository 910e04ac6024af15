package io.pgha.ssh;

/**
 * Names what happens when {@code known_hosts} has no key for a machine. A changed key is refused under every policy.
 */
public enum HostKeyPolicy {
    /** An unknown machine is refused; the default. */
    STRICT,
    /** The key of an unknown machine is believed and written to {@code known_hosts}. */
    ACCEPT_NEW
}
