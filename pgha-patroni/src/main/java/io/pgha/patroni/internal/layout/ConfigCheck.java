package io.pgha.patroni.internal.layout;

/**
 * Renders the check of a candidate {@code patroni.yaml} with Patroni's own validator. It also looks at the world: it
 * objects to ports on which a running member listens and to etcd members that are down just now, which says nothing
 * about the file; and it does not know the value {@code quorum}, which Patroni 4 takes. Those lines are passed over,
 * all others refuse the file. A validator that still waits for a host that swallows packets has found nothing else.
 * Stateless; no I/O.
 */
public final class ConfigCheck {
    public static final String SCRIPT = """
            answer=$(timeout 40 patroni --validate-config "$1" 2>&1) && exit 0
            objections=$(printf '%s\\n' "$answer" | grep -v \\
              -e 'Port [0-9]* is already in use' -e 'is not reachable' -e '^bootstrap\\.dcs\\.synchronous_mode quorum ' \\
              -e '^[[:space:]]*$') || true
            [ -z "$objections" ] || { printf '%s\\n' "$objections" >&2; exit 1; }
            """;

    private ConfigCheck() {}
}
