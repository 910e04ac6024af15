package io.pgha.examples.lab;

import java.nio.file.Path;

/**
 * Names everything that the lab of a number makes on the machine, so that it can be found again and nothing else is
 * touched, least of all the lab of another number. Immutable.
 */
record Names(int number) {
    /** Begins every name of every lab. */
    static final String PREFIX = "pghalab";

    private static final String BRIDGE = "-bridge";
    private static final int LAST = 9;
    private static final Path RUN = Path.of("/run");

    Names {
        if (number < 0 || number > LAST) {
            throw new IllegalArgumentException("a lab's number is between 0 and " + LAST + ", not " + number);
        }
    }

    static Names of(int number) {
        return new Names(number);
    }

    /** Begins every other name of the lab; its nft table and its disks are called that. */
    String prefix() {
        return PREFIX + number;
    }

    String bridge() {
        return prefix() + BRIDGE;
    }

    String namespace(String host) {
        return prefix() + "-" + host;
    }

    /** Returns how nspawn calls a host, of which another lab may have one of the same name. */
    String machine(String host) {
        return prefix() + "-" + host;
    }

    String cgroup(String host) {
        return prefix() + "-host-" + host;
    }

    /** Returns the cgroup of the program that makes a root file system. */
    String buildCgroup() {
        return prefix() + "-build";
    }

    /**
     * Returns the name of the machine's end of a host's cable; a link's name has at most 15 characters, so it is
     * numbered.
     */
    String link(int index) {
        return prefix() + "-" + index;
    }

    /** Returns the file that is locked by the process that commands the lab. */
    Path lock() {
        return RUN.resolve("pgha-lab-" + number + ".lock");
    }

    /** Returns the file that says who has that lock. */
    Path holder() {
        return RUN.resolve("pgha-lab-" + number + ".holder");
    }

    /** Says whether a link, namespace or cgroup has one of the lab's names. */
    boolean isOurs(String name) {
        return name.startsWith(prefix() + "-");
    }

    /** Says whether a link is the bridge of a lab of any number. */
    static boolean isBridge(String link) {
        return link.matches(PREFIX + "\\d" + BRIDGE);
    }
}
