package io.pgha.examples.lab;

import java.nio.file.Path;
import java.util.regex.Pattern;

/** Knows where the lab keeps what. Immutable; does no I/O. */
record LabPaths(Path state, Path cache) {
    /** overlayfs separates its options and directories with these, and mount would take white space for a new field. */
    private static final Pattern UNSAFE = Pattern.compile("[\\s:,\\\\]");

    static LabPaths of(Path state, Path cache) {
        for (Path path : new Path[] {state, cache}) {
            if (!path.isAbsolute()
                    || path.getNameCount() < 2
                    || UNSAFE.matcher(path.toString()).find()) {
                throw new IllegalArgumentException("the lab's directory '" + path
                        + "' must be absolute, below another directory, and without white space, ':', ',' and '\\'");
            }
        }
        return new LabPaths(state.normalize(), cache.normalize());
    }

    static LabPaths defaults(Names names) {
        return of(defaultState(names), defaultCache());
    }

    static Path defaultState(Names names) {
        return Path.of(System.getProperty("pgha.lab.state", "/var/lib/pgha-lab") + "-" + names.number());
    }

    static Path defaultCache() {
        return Path.of(System.getProperty("pgha.lab.cache", "/var/cache/pgha-lab"));
    }

    Path record() {
        return state.resolve("lab.properties");
    }

    Path keys() {
        return state.resolve("ssh");
    }

    Path hosts() {
        return state.resolve("hosts");
    }

    Path discarded() {
        return state.resolve("discarded");
    }

    /** The disks that were frozen, a directory for each time. */
    Path frozen() {
        return state.resolve("frozen");
    }

    HostPaths host(String name) {
        return new HostPaths(hosts().resolve(name));
    }

    /** Knows where one host's files are. */
    record HostPaths(Path directory) {
        Path root() {
            return directory.resolve("root");
        }

        Path upper() {
            return directory.resolve("upper");
        }

        Path work() {
            return directory.resolve("work");
        }

        /** Lists what the disk is mounted on, the upper first. */
        Path layers() {
            return directory.resolve("layers");
        }

        Path console() {
            return directory.resolve("console.log");
        }

        Path pid() {
            return directory.resolve("pid");
        }
    }
}
