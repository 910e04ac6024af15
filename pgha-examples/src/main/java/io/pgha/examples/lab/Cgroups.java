package io.pgha.examples.lab;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the machine's cgroup trees and makes the lab's own cgroups in them. Immutable.
 *
 * <p>Two layouts are known: one cgroup2 tree, and the hybrid one, where systemd also keeps a tree of its own. A host
 * needs a cgroup of its own in each, or stopping a service in one host reaches into another.
 */
final class Cgroups {
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

    private final Path unified;
    private final List<Path> trees;

    private Cgroups(Path unified, List<Path> trees) {
        this.unified = unified;
        this.trees = trees;
    }

    static Cgroups ofMachine() {
        return parse(Machine.read(MOUNTS));
    }

    /** Finds the trees in the text of {@code /proc/self/mountinfo}. */
    static Cgroups parse(String mountinfo) {
        List<Path> unified = new ArrayList<>();
        List<Path> named = new ArrayList<>();
        for (String line : mountinfo.split("\n", -1)) {
            String[] halves = line.split(" - ", 2);
            if (halves.length < 2) {
                continue;
            }
            Path point = Path.of(Mounts.unescape(halves[0].split(" ", -1)[4]));
            String type = halves[1].split(" ", -1)[0];
            if (type.equals("cgroup2")) {
                unified.add(point);
            } else if (type.equals("cgroup") && halves[1].contains("name=systemd")) {
                named.add(point);
            }
        }
        if (unified.isEmpty()) {
            throw new LabUnavailableException(
                    "the lab needs the cgroup2 file system, and none is mounted on this machine",
                    "boot with systemd.unified_cgroup_hierarchy=1, or mount it: mount -t cgroup2 cgroup2 /sys/fs/cgroup");
        }
        List<Path> trees = new ArrayList<>();
        trees.add(unified.get(0));
        named.stream().limit(1).forEach(trees::add);
        return new Cgroups(unified.get(0), List.copyOf(trees));
    }

    List<Path> trees() {
        return trees;
    }

    Cgroup named(String name) {
        return new Cgroup(
                unified.resolve(name), trees.stream().map(t -> t.resolve(name)).collect(Collectors.toList()));
    }

    /** Returns the names of all cgroups that a lab of these names, this or an earlier one, has made. */
    List<String> ours(Names ours) {
        List<String> names = new ArrayList<>();
        for (Path tree : trees) {
            try (Stream<Path> children = Files.list(tree)) {
                children.filter(Files::isDirectory)
                        .map(child -> child.getFileName().toString())
                        .filter(ours::isOurs)
                        .filter(name -> !names.contains(name))
                        .forEach(names::add);
            } catch (IOException e) {
                throw Machine.failed("reading the cgroups below " + tree, e);
            }
        }
        return names;
    }

    /** Says whether anything of a lab of these names, this or an earlier one, runs. */
    boolean holdsProcesses(Names names) {
        return ours(names).stream()
                .map(this::named)
                .anyMatch(cgroup -> !cgroup.pids().isEmpty());
    }

    /** Holds the directories of one of the lab's cgroups, the first being the one in the cgroup2 tree. Immutable. */
    static final class Cgroup {
        /** Makes the shell that runs it a member of each of the given cgroups, then becomes the given program. */
        private static final String ENTER =
                "set -e; n=$1; shift; while [ $n -gt 0 ]; do echo $$ >\"$1/cgroup.procs\"; shift; n=$((n-1)); done; exec \"$@\"";

        private static final Duration PAUSE = Duration.ofMillis(20);

        private final Path unified;
        private final List<Path> directories;

        private Cgroup(Path unified, List<Path> directories) {
            this.unified = unified;
            this.directories = directories;
        }

        void create() {
            for (Path directory : directories) {
                try {
                    Files.createDirectories(directory);
                } catch (IOException e) {
                    throw Machine.failed("making the cgroup " + directory, e);
                }
            }
        }

        /** Returns the arguments that run a program as the first member of this cgroup. */
        List<String> enter(List<String> argv) {
            List<String> all = new ArrayList<>(List.of("sh", "-c", ENTER, "sh", String.valueOf(directories.size())));
            directories.forEach(directory -> all.add(directory.toString()));
            all.addAll(argv);
            return all;
        }

        /** Returns the processes in it and below, as the machine numbers them. */
        List<Long> pids() {
            List<Long> pids = new ArrayList<>();
            for (Path directory : descendants(unified)) {
                try {
                    Files.readAllLines(directory.resolve("cgroup.procs")).forEach(line -> pids.add(Long.valueOf(line)));
                } catch (IOException e) {
                    // It may go away between the listing and now, even while it is read; then nothing is in it.
                    if (!isGone(e)) {
                        throw Machine.failed("reading " + directory + "/cgroup.procs", e);
                    }
                }
            }
            return pids;
        }

        private static boolean isGone(IOException e) {
            return e instanceof NoSuchFileException
                    || String.valueOf(e.getMessage()).contains("No such device");
        }

        /** Kills everything in it at once, as a power cut does, and returns before all of it is dead. */
        void signalKill() {
            Path killFile = unified.resolve("cgroup.kill");
            if (Files.exists(killFile)) {
                Machine.write(killFile, "1");
            } else {
                pids().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
            }
        }

        /** Kills everything in it at once and waits until all of it is dead. */
        void kill(Duration limit) throws InterruptedException {
            List<PidRecord> members = members();
            boolean empty = Wait.until(limit, PAUSE, () -> {
                signalKill();
                return pids().isEmpty();
            });
            // A process leaves its cgroup shortly before it is dead.
            if (!empty || !Wait.until(limit, PAUSE, () -> members.stream().noneMatch(PidRecord::isAlive))) {
                throw new LabException(
                        "lab.kill",
                        "processes in " + unified + " did not die within " + limit.toSeconds() + " s: " + pids(),
                        "see what they wait for: cat /proc/PID/stack");
            }
        }

        List<PidRecord> members() {
            return pids().stream().flatMap(pid -> PidRecord.of(pid).stream()).collect(Collectors.toList());
        }

        /** Stops the time of everything in it, or lets it go on; waits until it has. */
        void freeze(Freeze state) throws InterruptedException {
            Machine.write(unified.resolve("cgroup.freeze"), state == Freeze.FROZEN ? "1" : "0");
            String wanted = state == Freeze.FROZEN ? "frozen 1" : "frozen 0";
            if (!Wait.until(
                    Duration.ofSeconds(10),
                    PAUSE,
                    () -> Machine.read(unified.resolve("cgroup.events")).contains(wanted))) {
                throw new LabException(
                        "lab.freeze",
                        unified + " did not become '" + wanted + "' within 10 s",
                        "see its cgroup.events");
            }
        }

        /** Removes it; everything in it must be dead. */
        void remove() throws InterruptedException {
            boolean gone = Wait.until(Duration.ofSeconds(10), PAUSE, this::tryRemove);
            if (!gone) {
                throw new LabException(
                        "lab.cgroup",
                        "the cgroups " + directories + " are still in use after 10 s",
                        "see who is in them: cat " + unified + "/cgroup.procs");
            }
        }

        private boolean tryRemove() {
            for (Path top : directories) {
                List<Path> all = descendants(top);
                Collections.reverse(all);
                for (Path directory : all) {
                    try {
                        Files.deleteIfExists(directory);
                    } catch (DirectoryNotEmptyException e) {
                        return false;
                    } catch (IOException e) {
                        // EBUSY: the kernel has not quite let go of the last process.
                        return false;
                    }
                }
            }
            return true;
        }

        /** Lists a cgroup and all below it, parents first; nothing where it does not exist. */
        private static List<Path> descendants(Path top) {
            if (!Files.isDirectory(top)) {
                return new ArrayList<>();
            }
            List<Path> found = new ArrayList<>(List.of(top));
            for (int i = 0; i < found.size(); i++) {
                try (Stream<Path> children = Files.list(found.get(i))) {
                    children.filter(Files::isDirectory).forEach(found::add);
                } catch (IOException e) {
                    if (!isGone(e)) {
                        throw Machine.failed("reading the cgroup " + found.get(i), e);
                    }
                }
            }
            return found;
        }
    }

    /** Says whether the time of a cgroup's processes stands still. */
    enum Freeze {
        FROZEN,
        RUNNING
    }
}
