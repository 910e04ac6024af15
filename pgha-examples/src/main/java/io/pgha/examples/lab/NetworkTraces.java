package io.pgha.examples.lab;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds what of a lab's network is on the machine, by the lab's names, and removes it. Immutable. */
final class NetworkTraces {
    private final Names names;

    NetworkTraces(Names names) {
        this.names = names;
    }

    List<String> links() throws InterruptedException {
        return allLinks().filter(names::isOurs).collect(Collectors.toList());
    }

    /** Returns the bridges of the labs of all numbers. */
    static List<String> bridges() throws InterruptedException {
        return allLinks().filter(Names::isBridge).collect(Collectors.toList());
    }

    private static Stream<String> allLinks() throws InterruptedException {
        return Shell.command("ip", "-o", "link", "show")
                .check()
                .text()
                .lines()
                .map(line -> line.split(": ", -1)[1].split("@", -1)[0]);
    }

    List<String> namespaces() throws InterruptedException {
        return Shell.command("ip", "netns", "list")
                .check()
                .text()
                .lines()
                .map(line -> line.split(" ", -1)[0])
                .filter(names::isOurs)
                .collect(Collectors.toList());
    }

    /**
     * Removes every link, namespace and table that has one of the lab's names; the bridge, which says that a lab is
     * there, last.
     */
    void remove() throws InterruptedException {
        new Forwarding(names).forbid();
        for (String link : links()) {
            if (!Names.isBridge(link)) {
                Network.deleteLink(link);
            }
        }
        for (String namespace : namespaces()) {
            Network.deleteNamespace(namespace);
        }
        String tables = Shell.command("nft", "list", "tables", "ip").check().text();
        if (tables.lines().anyMatch(line -> line.equals("table ip " + names.prefix()))) {
            Shell.command("nft", "delete", "table", "ip", names.prefix()).check();
        }
        Network.deleteLink(names.bridge());
    }
}
