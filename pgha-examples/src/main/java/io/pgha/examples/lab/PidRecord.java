package io.pgha.examples.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Names a process beyond doubt: a number may be given again, a number and a start time are not. Immutable.
 *
 * @param pid the process's number on this machine
 * @param startTicks when it started, in clock ticks since the machine booted
 */
record PidRecord(long pid, long startTicks) {
    private static final Pattern TEXT = Pattern.compile("(\\d+) (\\d+)");
    private static final int COMM_LENGTH = 15;

    static Optional<PidRecord> of(long pid) {
        return proc(pid, "stat").map(stat -> new PidRecord(pid, startTicks(stat)));
    }

    /** Finds the start time, the 22nd field; the second is in brackets and may contain anything. */
    static long startTicks(String stat) {
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19]);
    }

    static Optional<PidRecord> parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        return matcher.matches()
                ? Optional.of(new PidRecord(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
                : Optional.empty();
    }

    String text() {
        return pid + " " + startTicks + "\n";
    }

    /** Says whether the process still runs; one that is dead and waits to be reaped does not. */
    boolean isAlive() {
        return proc(pid, "stat")
                .map(stat -> startTicks(stat) == startTicks && "ZX".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) < 0)
                .orElse(false);
    }

    static Optional<String> status(long pid) {
        return proc(pid, "status");
    }

    /** Says whether a process goes by a name: the kernel's short one, or that of its program or script. */
    static boolean isNamed(long pid, String name) {
        String shortName = name.length() > COMM_LENGTH ? name.substring(0, COMM_LENGTH) : name;
        return proc(pid, "comm").map(comm -> comm.strip().equals(shortName)).orElse(false)
                || proc(pid, "cmdline")
                        .map(line -> Stream.of(line.split("\0", -1))
                                .limit(2)
                                .anyMatch(word -> word.equals(name) || word.endsWith("/" + name)))
                        .orElse(false);
    }

    private static Optional<String> proc(long pid, String file) {
        try {
            return Optional.of(Machine.readWhole(Path.of("/proc", String.valueOf(pid), file)));
        } catch (IOException e) {
            // It has ended.
            return Optional.empty();
        }
    }
}
