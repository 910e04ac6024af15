package io.pgha.examples.lab;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Says what a lab that is up on this machine is like. Immutable.
 *
 * @param number the lab's number
 * @param release the hosts' Debian release
 * @param hosts address by name, in the lab's order
 * @param started when it was started
 * @param ownership whether it was left up on purpose
 * @param holder the number of the process that commands it, or did last
 * @param privateKey the operator's SSH key
 * @param knownHosts the hosts' SSH keys
 */
public record LabStatus(
        int number,
        Release release,
        Map<String, String> hosts,
        Instant started,
        Ownership ownership,
        long holder,
        Path privateKey,
        Path knownHosts) {

    /** Says who takes a lab down. */
    public enum Ownership {
        /** The process that started it; where that process died, the next start. */
        PROCESS,
        /** Nobody but who asks for it: {@link LocalLab#keep()} was called. */
        KEPT
    }

    @Override
    public String toString() {
        String first = "lab " + number + ": " + release.codename() + ", " + hosts.size() + " hosts, "
                + (ownership == Ownership.KEPT ? "kept" : "of process " + holder);
        return hosts.entrySet().stream()
                .map(host -> "\n  " + host.getValue() + "  " + host.getKey())
                .collect(Collectors.joining(
                        "",
                        first,
                        "\n  ssh -i " + privateKey + " -o UserKnownHostsFile=" + knownHosts + " ops@"
                                + hosts.values().iterator().next()));
    }
}
