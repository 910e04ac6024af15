package io.pgha.examples.lab;

import io.pgha.net.Deadline;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one host: its disk (an overlay), its cable (a veth pair and a namespace), its power (a cgroup with nspawn in
 * it). Its methods may be called from any thread, one at a time.
 */
final class HostRuntime {
    private static final Logger LOG = LoggerFactory.getLogger(HostRuntime.class);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(20);
    private static final Duration ASK_LIMIT = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration ENTER_LIMIT = Duration.ofSeconds(10);
    private static final Duration INIT_LIMIT = Duration.ofSeconds(1);
    private static final Duration ENTER_POLL = Duration.ofMillis(5);
    private static final int SSH_PORT = 22;
    private static final int PROBE_MILLIS = 1000;
    private static final int CONSOLE_LINES = 25;

    /** Reads the operator's public key and the password; neither is ever an argument. */
    private static final String ADMIT = """
            set -eu
            read -r key
            read -r password
            umask 077
            for user in root ops; do
              home=$(getent passwd "$user" | cut -d: -f6)
              mkdir -p "$home/.ssh"
              printf '%s\\n' "$key" >"$home/.ssh/authorized_keys"
              chown -R "$user:" "$home/.ssh"
            done
            printf 'opspw:%s\\n' "$password" | chpasswd
            """;

    private final String name;
    private final String address;
    private final int index;
    private final LabConfig config;
    private final Names names;
    private final LabPaths.HostPaths paths;
    private final Network network;
    private final Cgroups.Cgroup cgroup;
    private final HostDisk disk;

    HostRuntime(String name, int index, LabConfig config) {
        this.name = name;
        this.address = config.address(name);
        this.index = index;
        this.config = config;
        this.paths = config.paths().host(name);
        this.names = config.names();
        this.network = new Network(names, config.subnet());
        this.disk = new HostDisk(name, names, paths);
        this.cgroup = Cgroups.ofMachine().named(names.cgroup(name));
    }

    String name() {
        return name;
    }

    String address() {
        return address;
    }

    /** Gives the host a new disk: the shared root file system below, and its own name and keys. */
    void prepare(Path lower, LabKeys keys) throws InterruptedException {
        disk.mount(List.of(lower));
        writeIdentity(keys);
        Shell.command("chroot", paths.root().toString(), "/bin/sh", "-c", ADMIT)
                .input(keys.publicKey() + "\n" + keys.password() + "\n")
                .check();
    }

    private void writeIdentity(LabKeys keys) {
        Path etc = paths.root().resolve("etc");
        try {
            Files.writeString(etc.resolve("hostname"), name + "\n");
            Files.writeString(etc.resolve("hosts"), hostsFile(name, address));
            // An id of its own, so that systemd does not take this for the first boot of an unconfigured image.
            Files.writeString(
                    etc.resolve("machine-id"), UUID.randomUUID().toString().replace("-", "") + "\n");
            for (Path key : keys.hostFiles(name)) {
                Files.copy(
                        key,
                        etc.resolve("ssh").resolve(key.getFileName()),
                        StandardCopyOption.COPY_ATTRIBUTES,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw Machine.failed("writing the identity of " + name, e);
        }
    }

    static String hostsFile(String name, String address) {
        return "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n" + address + "\t" + name + "\n";
    }

    /** Turns the power on and returns before the host is up. */
    void launch() throws InterruptedException {
        network.plug(name, index, address);
        cgroup.create();
        String resolvConf = Nspawn.resolvConf(Machine.read(Path.of("/etc/resolv.conf")));
        List<String> argv = new ArrayList<>(List.of("setsid"));
        argv.addAll(cgroup.enter(Nspawn.argv(names, name, paths.root(), resolvConf)));
        try {
            Process process = new ProcessBuilder(argv)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(paths.console().toFile()))
                    .redirectErrorStream(true)
                    .start();
            Machine.replace(
                    paths.pid(),
                    PidRecord.of(process.pid()).map(PidRecord::text).orElse(""));
            // From here on, cutting the power reaches it.
            Wait.until(ENTER_LIMIT, ENTER_POLL, () -> !cgroup.pids().isEmpty() || !process.isAlive());
        } catch (IOException e) {
            throw Machine.failed("starting " + argv.get(0) + " for " + name, e);
        }
    }

    /** Waits until sshd answers and systemd has done all it wanted to do. */
    void awaitBoot() throws InterruptedException {
        Deadline deadline = Deadline.in(config.bootTimeout());
        if (!Wait.until(deadline.remaining(), POLL, () -> answersSsh() || !isPowered())) {
            throw notBooted("its sshd did not answer on " + address + ":22 within "
                    + deadline.limit().toSeconds() + " s");
        }
        if (!Wait.until(deadline.remaining(), POLL, () -> isSettled() || !isPowered())) {
            throw notBooted("its systemd was still '" + systemState() + "' after "
                    + deadline.limit().toSeconds() + " s");
        }
        if (!isPowered()) {
            throw notBooted("it went down while it booted");
        }
        if (systemState().equals("degraded")) {
            LOG.warn(
                    "{} is degraded: {}",
                    name,
                    exec("systemctl --failed --no-legend --plain", POLL.plusSeconds(20))
                            .out()
                            .strip());
        }
    }

    private LabException notBooted(String problem) {
        String console = Files.exists(paths.console())
                ? Text.lastLines(Machine.read(paths.console()), CONSOLE_LINES)
                : "(no console)";
        return new LabException(
                "lab.boot",
                name,
                problem + ". The end of its console:\n" + console.indent(4).stripTrailing(),
                "read the console above; if the machine is merely slow, raise bootTimeout(..)");
    }

    private boolean answersSsh() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, SSH_PORT), PROBE_MILLIS);
            socket.setSoTimeout(PROBE_MILLIS);
            String banner = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            return banner != null && banner.startsWith("SSH-2.0-");
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            // Refused or unreachable: it is not up yet, and the deadline reports it if it never is.
            return false;
        }
    }

    /** Asks a host that is busy booting once in a while, and has its systemd tell when it is done. */
    private boolean isSettled() throws InterruptedException {
        return Set.of("running", "degraded").contains(systemState("timeout 3 systemctl is-system-running --wait"));
    }

    private String systemState() throws InterruptedException {
        return systemState("systemctl is-system-running");
    }

    private String systemState(String question) throws InterruptedException {
        return init().isPresent() ? exec(question, Duration.ofSeconds(20)).out().strip() : "off";
    }

    /** Says whether anything runs: nspawn, or, if that alone was killed, what it had started. */
    boolean isPowered() {
        boolean spawned = Files.exists(paths.pid())
                && PidRecord.parse(Machine.read(paths.pid()))
                        .map(PidRecord::isAlive)
                        .orElse(false);
        return spawned || !cgroup.pids().isEmpty();
    }

    /** Returns the host's first process, as the machine numbers it. */
    private Optional<Long> init() throws InterruptedException {
        // A process that changes its cgroup may be in none that is looked at, so one look is not enough.
        for (Deadline deadline = Deadline.in(INIT_LIMIT); ; Thread.sleep(ENTER_POLL.toMillis())) {
            Optional<Long> found =
                    cgroup.pids().stream().filter(HostRuntime::isInit).findFirst();
            if (found.isPresent() || !isPowered() || deadline.passed()) {
                return found;
            }
        }
    }

    private static boolean isInit(long pid) {
        return PidRecord.status(pid)
                .map(status -> status.lines().anyMatch(line -> line.matches("NSpid:\\s+\\d+\\s+1")))
                .orElse(false);
    }

    /**
     * Runs a script in the host's namespaces. The script comes in by standard input, so that no {@code ps} shows it.
     */
    ExecResult exec(String script, Duration limit) throws InterruptedException {
        long pid = init().orElseThrow(() ->
                new LabException("lab.off", name, "the host is off, so no script can run on it", "call boot() first"));
        return Shell.command(enterArgv(pid)).input(script).timeout(limit).run();
    }

    static List<String> enterArgv(long pid) {
        return List.of(
                "nsenter",
                "--target=" + pid,
                "--mount",
                "--uts",
                "--ipc",
                "--net",
                "--pid",
                "--cgroup",
                "--root",
                "--wd",
                "--",
                "env",
                "-i",
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "HOME=/root",
                "LANG=C.UTF-8",
                "TERM=dumb",
                "/bin/sh",
                "-c",
                // All of it is read before any of it runs, or a command in it could eat the rest.
                "eval \"$(cat)\"");
    }

    /** Cuts the power: nothing on the host can say goodbye, neither to its disk nor to the network. */
    void cutPower() throws InterruptedException {
        if (Files.exists(Path.of("/sys/class/net", names.link(index)))) {
            // The kernel would close a dead process's connections, and its peers would learn of the death at once.
            network.cable(index, Network.Cable.OUT);
        }
        cgroup.kill(KILL_LIMIT);
        cgroup.remove();
        // With the namespace go the addresses that keepalived had added: a dead host answers for none.
        network.unplug(name, index);
    }

    /** Lets the host's own systemd stop everything and turn the power off, and takes away its cable and cgroup. */
    void shutDown(Duration limit) throws InterruptedException {
        // What asks may itself be stopped before it has its answer.
        ExecResult asked = exec("systemctl poweroff", ASK_LIMIT);
        if (!Wait.until(limit, POLL, () -> !isPowered())) {
            throw new LabException(
                    "lab.shutdown",
                    name,
                    "its systemd has not stopped everything within " + limit.toSeconds() + " s. " + asked.err()
                            + "The jobs that it has left:\n"
                            + exec("systemctl list-jobs --no-pager", ASK_LIMIT)
                                    .out()
                                    .indent(4)
                                    .stripTrailing(),
                    "see what the service waits for: LabHost.exec(\"journalctl -n 100\")");
        }
        cutPower();
    }

    void cable(Network.Cable state) throws InterruptedException {
        network.cable(index, state);
    }

    void freeze(Cgroups.Freeze state) throws InterruptedException {
        cgroup.freeze(state);
    }

    /** Sends a signal to the host's processes of a name; returns how many there were. */
    int signal(String process, String signal) throws InterruptedException {
        List<String> pids = cgroup.pids().stream()
                .filter(pid -> PidRecord.isNamed(pid, process))
                .map(String::valueOf)
                .collect(Collectors.toList());
        if (!pids.isEmpty()) {
            List<String> argv = new ArrayList<>(List.of("kill", "-s", signal, "--"));
            argv.addAll(pids);
            Shell.command(argv).check();
        }
        return pids.size();
    }

    /** Returns the host's disk, which may be taken away or changed for another while the power is cut. */
    HostDisk disk() {
        return disk;
    }
}
