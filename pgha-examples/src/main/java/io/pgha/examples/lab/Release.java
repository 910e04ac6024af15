package io.pgha.examples.lab;

import java.util.Locale;

/** Names the Debian releases that a lab can run. Immutable. */
public enum Release {
    /** Debian 12: Patroni 3.0, etcd 3.4, PostgreSQL 15, HAProxy 2.6, keepalived 2.2. */
    BOOKWORM,
    /** Debian 13: Patroni 4.0, etcd 3.5, PostgreSQL 17, HAProxy 3.0, keepalived 2.3. */
    TRIXIE;

    /**
     * Returns the name that Debian's archive uses.
     *
     * @return the code name, in lower case
     */
    public String codename() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Finds a release by its code name, in any case.
     *
     * @param codename a code name such as {@code trixie}
     * @return the release
     * @throws IllegalArgumentException if the lab does not know the name
     */
    public static Release of(String codename) {
        for (Release release : values()) {
            if (release.codename().equalsIgnoreCase(codename)) {
                return release;
            }
        }
        throw new IllegalArgumentException("the lab runs bookworm and trixie, not '" + codename + "'");
    }
}
