package io.pgha.resource;

import io.pgha.host.Probe;
import java.util.List;

/**
 * Asks for mode and owner of files: one call answers all probes of a remote command, for each call costs the machine more than the
 * reading does. Stateless, thread-safe, no I/O.
 */
final class FileStats {
    /** Defines {@code attributes PATH}: sets {@code $attributes} to {@code MODE USER:GROUP}, or fails where there is nothing of that path. */
    static final String FIND = """
            batch='
            '$batch
            attributes() {
              case $batch in *"
            $1\t"*) ;; *) return 1 ;; esac
              attributes=${batch#*"
            $1\t"}
              attributes=${attributes%%"
            "*}
            }
            """;

    private FileStats() {}

    static Probe.Batch batch(String... paths) {
        return new Probe.Batch("stat --printf '%n\\t%a %U:%G\\n'", List.of(paths));
    }
}
