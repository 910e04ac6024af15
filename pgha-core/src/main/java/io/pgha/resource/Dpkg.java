package io.pgha.resource;

import io.pgha.host.Probe;
import java.util.List;

/**
 * Asks dpkg which packages are installed: one call answers all probes of a remote command, for each call reads what
 * dpkg knows of all packages. Stateless, thread-safe, no I/O.
 */
public final class Dpkg {
    /** Sets {@code $installed} to the names of those that are, a blank around each, without running any program. */
    public static final String FIND = """
            installed=' '
            while read -r status package; do
              [ "$status" != installed ] || installed="$installed$package "
            done <<END
            $batch
            END
            """;

    private Dpkg() {}

    /**
     * Returns what to ask.
     *
     * @param packages the packages' names
     * @return the batch; {@link #FIND} takes its answer apart on the host
     */
    public static Probe.Batch batch(List<String> packages) {
        return new Probe.Batch("dpkg-query -W -f '${db:Status-Status} ${Package}\\n'", packages);
    }

    /** Returns the names of those that are installed. */
    static List<String> installed(String answer) {
        return answer.lines()
                .map(line -> line.split(" ", 2))
                .filter(words -> words.length == 2 && words[0].equals("installed"))
                .map(words -> words[1])
                .toList();
    }
}
