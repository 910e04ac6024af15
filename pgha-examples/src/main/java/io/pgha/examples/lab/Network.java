package io.pgha.examples.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Builds the lab's network: a bridge that the machine has an address on, and a namespace with one cable for each host.
 * Immutable.
 */
final class Network {
    static final Path NAMESPACES = Path.of("/run/netns");

    private final Names names;
    private final Subnet subnet;

    Network(Names names, Subnet subnet) {
        this.names = names;
        this.subnet = subnet;
    }

    /**
     * Returns the commands that make the bridge. It has a hardware address of its own: it would otherwise have the
     * lowest of its cables', so that a host's power cut could give the machine another, and for half a minute nobody
     * would reach it.
     */
    List<List<String>> bridgeCommands() {
        return List.of(
                List.of(
                        "ip",
                        "link",
                        "add",
                        names.bridge(),
                        "address",
                        Subnet.hardwareAddress(subnet.gateway()),
                        "type",
                        "bridge",
                        "forward_delay",
                        "0"),
                List.of("ip", "addr", "add", subnet.toString(), "dev", names.bridge()),
                List.of("ip", "link", "set", names.bridge(), "up"));
    }

    /**
     * Returns the table that lets the hosts out. Multicast is left alone: where bridged traffic passes netfilter, VRRP
     * would otherwise arrive with the machine's address, and all keepalived would become MASTER.
     */
    String nftTable() {
        return "table ip " + names.prefix() + " {\n"
                + "\tchain postrouting {\n"
                + "\t\ttype nat hook postrouting priority srcnat\n"
                + "\t\tpolicy accept\n"
                + "\t\tip saddr " + subnet.range() + " ip daddr != { " + subnet.range()
                + ", 224.0.0.0/4 } masquerade\n"
                + "\t}\n"
                + "}\n";
    }

    /** Returns the commands that plug in a host's cable. The address and the route are set from outside. */
    List<List<String>> hostCommands(String host, int index, String address) {
        String namespace = names.namespace(host);
        String link = names.link(index);
        return List.of(
                List.of("ip", "netns", "add", namespace),
                List.of(
                        "ip",
                        "link",
                        "add",
                        link,
                        "type",
                        "veth",
                        "peer",
                        "name",
                        "eth0",
                        "address",
                        Subnet.hardwareAddress(address),
                        "netns",
                        namespace),
                List.of("ip", "link", "set", link, "master", names.bridge(), "up"),
                List.of("ip", "-n", namespace, "addr", "add", address + "/" + subnet.prefix(), "dev", "eth0"),
                List.of("ip", "-n", namespace, "link", "set", "lo", "up"),
                List.of("ip", "-n", namespace, "link", "set", "eth0", "up"),
                List.of("ip", "-n", namespace, "route", "add", "default", "via", subnet.gateway()));
    }

    void up() throws InterruptedException {
        checkRangeIsFree();
        run(bridgeCommands());
        Shell.command("nft", "-f", "-").input(nftTable()).check();
        new Forwarding(names).allow();
    }

    private void checkRangeIsFree() throws InterruptedException {
        String routes = Shell.command("ip", "-4", "route", "show", "root", subnet.range())
                .check()
                .text();
        if (!routes.isEmpty()) {
            throw new LabException(
                    "lab.network",
                    "this machine already uses " + subnet.range() + ": "
                            + routes.lines().findFirst().orElse(""),
                    "give the lab another number with number(..), or another range with gateway(..)");
        }
    }

    void plug(String host, int index, String address) throws InterruptedException {
        run(hostCommands(host, index, address));
    }

    void cable(int index, Cable state) throws InterruptedException {
        Shell.command("ip", "link", "set", names.link(index), state == Cable.IN ? "up" : "down")
                .check();
    }

    /** Takes a host's cable and namespace away, with the addresses that the host itself has added. */
    void unplug(String host, int index) throws InterruptedException {
        // The link first: a namespace lets go of its links only some time after it was deleted.
        deleteLink(names.link(index));
        deleteNamespace(names.namespace(host));
    }

    static void deleteLink(String link) throws InterruptedException {
        if (Files.exists(Path.of("/sys/class/net", link))) {
            Shell.command("ip", "link", "del", link).check();
        }
    }

    static void deleteNamespace(String namespace) throws InterruptedException {
        if (Files.exists(NAMESPACES.resolve(namespace))) {
            Shell.command("ip", "netns", "del", namespace).check();
        }
    }

    private static void run(List<List<String>> commands) throws InterruptedException {
        for (List<String> command : commands) {
            Shell.command(command).check();
        }
    }

    /** Says whether a host's network cable is plugged in. */
    enum Cable {
        IN,
        OUT
    }
}
