package io.pgha.etcd.internal.member;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/**
 * Where a stopped database ends, as {@code pg_controldata} tells. A later timeline is greater; on one timeline the
 * primary that shut down cleanly has all there is (its own number is that of its last record's start, a replica's that
 * of the end), and without it the replica that is farthest. Immutable.
 */
record WalEnd(long timeline, long lsn, boolean primary) implements Comparable<WalEnd> {
    private static final Comparator<WalEnd> ORDER = Comparator.comparingLong(WalEnd::timeline)
            .thenComparing(WalEnd::primary)
            .thenComparingLong(WalEnd::lsn);

    /** Prints what is needed of the control file of the database that Patroni manages; nothing where there is none. */
    static final String SCRIPT = """
            data=$(sed -n "s/^ *data_dir: *//p" /etc/patroni/patroni.yaml | tr -d "\\"'" | head -n 1)
            tool=$(ls -d /usr/lib/postgresql/*/bin/pg_controldata | sort -V | tail -n 1)
            version=$(cat "$data/PG_VERSION" 2>/dev/null) && tool=/usr/lib/postgresql/$version/bin/pg_controldata
            LC_ALL=C "$tool" -D "$data" 2>/dev/null | grep -E \\
              '^(Database cluster state|Latest checkpoint location|Latest checkpoint.s TimeLineID|Minimum recovery ending loc)'
            true
            """;

    static WalEnd parse(String text) {
        Map<String, String> values = new HashMap<>();
        text.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                values.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        });
        return new WalEnd(
                Long.parseLong(values.getOrDefault("Latest checkpoint's TimeLineID", "0")),
                Math.max(
                        lsn(values.getOrDefault("Latest checkpoint location", "0/0")),
                        lsn(values.getOrDefault("Minimum recovery ending location", "0/0"))),
                "shut down".equals(values.get("Database cluster state")));
    }

    private static long lsn(String text) {
        String[] halves = text.split("/", 2);
        return (Long.parseLong(halves[0], 16) << 32) + Long.parseLong(halves[1], 16);
    }

    @Override
    public int compareTo(WalEnd other) {
        return ORDER.compare(this, other);
    }
}
