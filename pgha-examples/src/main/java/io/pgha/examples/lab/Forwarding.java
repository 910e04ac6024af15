package io.pgha.examples.lab;

import java.util.ArrayList;
import java.util.List;

/**
 * Lets the lab's packets through a machine that forwards none by default, as Docker sets it up; with bridge netfilter,
 * which Docker loads too, that would even keep the hosts from each other. The rules name the lab's bridge.
 */
final class Forwarding {
    private static final String PROGRAM = "iptables";

    private final List<List<String>> rules;

    Forwarding(Names names) {
        this.rules = List.of(
                List.of("FORWARD", "-i", names.bridge(), "-j", "ACCEPT"),
                List.of("FORWARD", "-o", names.bridge(), "-j", "ACCEPT"));
    }

    void allow() throws InterruptedException {
        if (!MachineSetup.isInstalled(PROGRAM)
                || !dropsByDefault(iptables("-S", List.of("FORWARD")).run().out())) {
            return;
        }
        for (List<String> rule : rules) {
            iptables("-I", rule).check();
        }
    }

    /** Says whether that is the policy in what {@code iptables -S FORWARD} prints. */
    static boolean dropsByDefault(String rules) {
        return rules.lines().anyMatch("-P FORWARD DROP"::equals);
    }

    void forbid() throws InterruptedException {
        if (!MachineSetup.isInstalled(PROGRAM)) {
            return;
        }
        for (List<String> rule : rules) {
            while (iptables("-C", rule).run().succeeded()) {
                iptables("-D", rule).check();
            }
        }
    }

    private static Shell iptables(String action, List<String> rest) {
        // -w waits for another iptables that has the lock.
        List<String> argv = new ArrayList<>(List.of(PROGRAM, "-w", action));
        argv.addAll(rest);
        return Shell.command(argv);
    }
}
