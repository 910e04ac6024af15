package io.pgha.examples.lab;

import java.nio.file.Path;

/** Sets the two kernel parameters that labs need, and sets them back. */
final class Sysctls {
    static final Path FORWARD = Path.of("/proc/sys/net/ipv4/ip_forward");
    static final Path INOTIFY = Path.of("/proc/sys/fs/inotify/max_user_instances");
    /**
     * Each systemd takes a handful of the usual 128; six of them do not boot with that, and there are ten labs at most.
     */
    private static final int INOTIFY_INSTANCES = 4096;

    private Sysctls() {}

    /** Holds what the machine had before. Immutable. */
    record Before(int forward, int inotify) {
        static Before read() {
            return new Before(number(FORWARD), number(INOTIFY));
        }

        /** Returns what a lab sets in place of it. */
        Before raised() {
            return new Before(1, Math.max(INOTIFY_INSTANCES, inotify));
        }
    }

    static void raise() {
        Before now = Before.read();
        change(now, now.raised());
    }

    /** Sets both back, unless somebody else has changed them meanwhile. */
    static void restore(Before before) {
        change(before.raised(), before);
    }

    private static void change(Before from, Before to) {
        change(FORWARD, from.forward(), to.forward());
        change(INOTIFY, from.inotify(), to.inotify());
    }

    private static void change(Path file, int from, int to) {
        if (from != to && number(file) == from) {
            Machine.write(file, String.valueOf(to));
        }
    }

    private static int number(Path file) {
        return Integer.parseInt(Machine.read(file).strip());
    }
}
