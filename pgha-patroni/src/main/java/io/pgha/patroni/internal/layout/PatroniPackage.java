package io.pgha.patroni.internal.layout;

import io.pgha.host.HostFacts;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a distribution's release ships, and in which way its Patroni differs: the one place for differences between
 * versions. Immutable.
 *
 * @param release the release's code name
 * @param patroni Patroni's version
 * @param postgres the major version of PostgreSQL
 */
public record PatroniPackage(String release, String patroni, int postgres) {
    private static final List<PatroniPackage> KNOWN = List.of(
            new PatroniPackage("bookworm", "3.0.2", 15),
            new PatroniPackage("trixie", "4.0.7", 17),
            new PatroniPackage("jammy", "2.1.3", 14),
            new PatroniPackage("noble", "3.2.2", 16));

    /** Tags that are younger than the oldest Patroni, with their first version. */
    private static final Map<String, String> TAGS =
            Map.of("failover_priority", "3.2", "nostream", "3.3", "sync_priority", "4.1");

    private static final int MINORS = 1000;

    /** Returns what a machine's release ships, where pgha knows it. */
    public static Optional<PatroniPackage> of(HostFacts facts) {
        return KNOWN.stream()
                .filter(known -> known.release().equals(facts.release()))
                .findFirst();
    }

    /** Before 4.0 the checker insists on {@code bootstrap.pg_hba}, which has no effect beside the dynamic one. */
    public boolean wantsBootstrapHba() {
        return major() < 4;
    }

    /** Quorum commit is Patroni 4's; its checker does not know it yet, which {@link ConfigCheck} knows. */
    public boolean hasQuorumCommit() {
        return major() >= 4;
    }

    /** The libpq of PostgreSQL 14 does not find an IP address among a certificate's names. */
    public String sslMode() {
        return postgres < 15 ? "verify-ca" : "verify-full";
    }

    /**
     * Returns the first version that knows a tag, where this one does not: it would keep the tag, and do nothing for
     * it.
     */
    public Optional<String> firstWithTag(String tag) {
        return Optional.ofNullable(TAGS.get(tag)).filter(first -> number(patroni) < number(first));
    }

    private int major() {
        return number(patroni) / MINORS;
    }

    private static int number(String version) {
        String[] parts = version.split("\\.", 3);
        return Integer.parseInt(parts[0]) * MINORS + Integer.parseInt(parts[1]);
    }
}
