package io.pgha.examples.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Takes a lab off the machine, whether it is whole, half built or left by a killed process. It finds things by the
 * lab's names and by what was recorded, and touches nothing else. Immutable.
 */
final class Sweeper {
    private static final Duration KILL_LIMIT = Duration.ofSeconds(20);

    private final Names names;
    private final NetworkTraces network;

    Sweeper(Names names) {
        this.names = names;
        this.network = new NetworkTraces(names);
    }

    /** Says whether a lab, or a part of one, is there. */
    boolean findsAnything(Path state) throws InterruptedException {
        return hasRecord(state)
                || !Cgroups.ofMachine().ours(names).isEmpty()
                || !network.links().isEmpty()
                || !network.namespaces().isEmpty();
    }

    /** Fails for a directory that holds something else: all that is in a state directory is going to be deleted. */
    private void requireOurs(Path state) {
        if (!Files.isDirectory(state)) {
            return;
        }
        LabRecord.read(state).map(record -> record.config().number()).ifPresent(number -> {
            if (number != names.number()) {
                throw new LabException(
                        "lab.state",
                        "the lab's state directory " + state + " is that of lab " + number,
                        "give the lab a directory of its own with stateDirectory(..) or -Dpgha.lab.state=..");
            }
        });
        if (hasRecord(state)) {
            return;
        }
        try (Stream<Path> files = Files.list(state)) {
            if (files.findAny().isPresent()) {
                throw new LabException(
                        "lab.state",
                        "the lab's state directory " + state + " holds something that is not a lab's",
                        "give the lab a directory of its own with stateDirectory(..) or -Dpgha.lab.state=..");
            }
        } catch (IOException e) {
            throw Machine.failed("reading " + state, e);
        }
    }

    private static boolean hasRecord(Path state) {
        return Files.exists(state.resolve("lab.properties")) || Files.exists(state.resolve("lab.properties.new"));
    }

    void sweep(Path state) throws InterruptedException {
        requireOurs(state);
        Failures failures = new Failures();
        failures.collect(() -> killAll(state));
        failures.collect(() -> SharedSettings.leave(network));
        failures.collect(() -> Mounts.unmountBelow(state.resolve("hosts")));
        // What could not be undone must stay on record for the next attempt.
        failures.throwIfAny();
        delete(state);
    }

    private void killAll(Path state) throws InterruptedException {
        Cgroups cgroups = Cgroups.ofMachine();
        List<Cgroups.Cgroup> ours =
                cgroups.ours(names).stream().map(cgroups::named).collect(Collectors.toList());
        List<PidRecord> processes = new ArrayList<>(recordedPids(state));
        ours.forEach(cgroup -> processes.addAll(cgroup.members()));
        // All at once, then wait for each.
        ours.forEach(Cgroups.Cgroup::signalKill);
        for (PidRecord process : processes) {
            if (process.isAlive()) {
                ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
        for (Cgroups.Cgroup cgroup : ours) {
            cgroup.kill(KILL_LIMIT);
            cgroup.remove();
        }
        Duration pause = Duration.ofMillis(20);
        if (!Wait.until(KILL_LIMIT, pause, () -> processes.stream().noneMatch(PidRecord::isAlive))) {
            throw new LabException(
                    "lab.kill",
                    "some of the lab's processes did not die within " + KILL_LIMIT.toSeconds() + " s",
                    "see what they wait for: cat /proc/PID/stack");
        }
    }

    private static List<PidRecord> recordedPids(Path state) {
        Path hosts = state.resolve("hosts");
        if (!Files.isDirectory(hosts)) {
            return List.of();
        }
        try (Stream<Path> directories = Files.list(hosts)) {
            return directories
                    .map(directory -> new LabPaths.HostPaths(directory).pid())
                    .filter(Files::exists)
                    .map(Machine::read)
                    .flatMap(text -> PidRecord.parse(text).stream())
                    .collect(Collectors.toList());
        } catch (IOException e) {
            throw Machine.failed("reading " + hosts, e);
        }
    }

    private static void delete(Path state) throws InterruptedException {
        if (!Files.isDirectory(state)) {
            return;
        }
        // The record goes last but for the directory itself: without it nobody would sweep again.
        for (String part : List.of("hosts", "discarded", "frozen", "ssh", "lab.properties.new", "lab.properties")) {
            Machine.delete(state.resolve(part));
        }
        Shell.command("rmdir", "--", state.toString()).check();
    }
}
