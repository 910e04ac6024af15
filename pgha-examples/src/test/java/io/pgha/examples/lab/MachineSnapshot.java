package io.pgha.examples.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Holds what labs of all numbers make and change on a machine, to be compared before and after. Immutable. */
record MachineSnapshot(SortedMap<String, List<String>> facts) {

    private static final List<Names> NUMBERS =
            IntStream.rangeClosed(0, 9).mapToObj(Names::of).collect(Collectors.toUnmodifiableList());
    private static final List<Path> STATES =
            NUMBERS.stream().map(LabPaths::defaultState).collect(Collectors.toUnmodifiableList());

    static MachineSnapshot take() throws InterruptedException, IOException {
        SortedMap<String, List<String>> facts = new TreeMap<>();
        facts.put("mounts", mounts());
        facts.put("links", lines("ip", "-br", "link"));
        facts.put("routes", lines("ip", "route"));
        facts.put("namespaces", lines("ip", "netns", "list"));
        facts.put("namespace directory left", List.of(String.valueOf(isEmptyDirectory(Network.NAMESPACES))));
        facts.put("nft", lines("nft", "list", "ruleset"));
        facts.put("sysctls", List.of(Machine.read(Sysctls.FORWARD), Machine.read(Sysctls.INOTIFY)));
        facts.put("cgroups", cgroups());
        facts.put("processes", processes());
        facts.put("state", states());
        facts.put("run", runFiles());
        return new MachineSnapshot(facts);
    }

    private static List<String> cgroups() {
        return NUMBERS.stream()
                .flatMap(names -> Cgroups.ofMachine().ours(names).stream())
                .collect(Collectors.toList());
    }

    private static List<String> states() {
        return STATES.stream().filter(Files::exists).map(Path::toString).collect(Collectors.toList());
    }

    /** Files that say something of a lab; an empty one that was locked once stays. */
    private static List<String> runFiles() throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/run"))) {
            return entries.map(Path::toString)
                    .filter(file -> file.startsWith("/run/pgha-lab") && !file.endsWith(".lock"))
                    .sorted()
                    .collect(Collectors.toList());
        }
    }

    private static boolean isEmptyDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        }
    }

    /** Mounts that have to do with a lab, without the numbers that the kernel gives. */
    private static List<String> mounts() {
        return Machine.read(Path.of("/proc/self/mountinfo"))
                .lines()
                .filter(line -> STATES.stream().anyMatch(state -> line.contains(" " + state))
                        || line.contains(" " + Names.PREFIX))
                .map(line -> line.split(" ", 3)[2])
                .sorted()
                .collect(Collectors.toList());
    }

    /**
     * Processes in a cgroup of a lab, or with a lab's directory as an argument; not those that wait to be reaped, or
     * just are.
     */
    private static List<String> processes() throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            return entries.filter(entry -> entry.getFileName().toString().matches("\\d+"))
                    .filter(entry -> text(entry.resolve("cgroup")).contains(Names.PREFIX)
                            || STATES.stream()
                                    .anyMatch(state ->
                                            text(entry.resolve("cmdline")).contains("=" + state)))
                    .map(entry -> text(entry.resolve("status")))
                    .filter(status ->
                            !status.isEmpty() && !status.contains("State:\tZ") && !status.contains("State:\tX"))
                    .map(status -> status.lines().limit(6).collect(Collectors.joining(" ")))
                    .collect(Collectors.toList());
        }
    }

    private static String text(Path file) {
        try {
            return Machine.readWhole(file);
        } catch (IOException e) {
            // The process has ended.
            return "";
        }
    }

    /** Lines that name something of a lab: whatever else goes on on the machine is none of its business. */
    private static List<String> lines(String... argv) throws InterruptedException {
        return Shell.command(argv)
                .check()
                .out()
                .lines()
                .filter(line -> line.contains(Names.PREFIX))
                .collect(Collectors.toList());
    }
}
