package io.pgha.examples.lab;

/** Names everything that the lab makes on the machine, so that it can be found again and nothing else is touched. */
final class Names {
    /** Begins the name of each link, namespace and cgroup of the lab; also the name of its bridge and its nft table. */
    static final String PREFIX = "pghalab";

    static final String BRIDGE = PREFIX;
    static final String NFT_TABLE = PREFIX;
    /** The cgroup of the program that makes a root file system. */
    static final String BUILD_CGROUP = PREFIX + "-build";

    private Names() {}

    static String namespace(String host) {
        return PREFIX + "-" + host;
    }

    static String cgroup(String host) {
        return PREFIX + "-host-" + host;
    }

    /** Returns the name of the machine's end of a host's cable; a link's name has at most 15 characters, so it is numbered. */
    static String link(int index) {
        return PREFIX + index;
    }

    /** Says whether a link, namespace or cgroup has one of the lab's names. */
    static boolean isOurs(String name) {
        return name.equals(BRIDGE) || name.startsWith(PREFIX + "-") || name.matches(PREFIX + "\\d+");
    }
}
