package io.pgha.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@LabTest(hosts = LabTest.Hosts.NONE)
@Tag("any-release")
@Order(Integer.MAX_VALUE)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LocalLabIT {
    private static final String VIP = "192.168.60.110";

    @TempDir
    Path temporary;

    private MachineSnapshot before;

    @BeforeEach
    void snapshot() throws Exception {
        LocalLab.stopAny(0);
        LocalLab.stopAny(1);
        before = MachineSnapshot.take();
    }

    @AfterEach
    void leavesTheMachineAsItWas() throws Exception {
        MachineSnapshot after = MachineSnapshot.take();
        before.facts()
                .forEach((fact, value) ->
                        assertThat(after.facts().get(fact)).as(fact).isEqualTo(value));
    }

    @ParameterizedTest
    @EnumSource(Release.class)
    void startsHostsLikeAnyOther(Release release) throws Exception {
        try (LocalLab lab = LocalLab.start(config -> config.release(release))) {
            assertThat(lab.hosts()).hasSize(6);
            assertThat(lab.toString()).doesNotContain(lab.password());
            for (LabHost host : lab.hosts()) {
                assertThat(OpenSshClient.run(
                                lab,
                                "ops",
                                host,
                                "sudo -n id -un; hostname; . /etc/os-release; echo $VERSION_CODENAME"))
                        .isEqualTo("root\n" + host.name() + "\n" + release.codename());
                assertThat(OpenSshClient.run(lab, "root", host, "systemctl is-system-running"))
                        .isEqualTo("running");
            }
            LabHost host = lab.host("postgres-02");
            assertThat(OpenSshClient.run(
                            lab,
                            "root",
                            host,
                            "apt-get -q update && apt-get -q -y install procps && sysctl -n kernel.ostype"))
                    .endsWith("Linux");
            // Fails with EIO where hosts share a cgroup.
            assertThat(
                            OpenSshClient.run(
                                    lab,
                                    "root",
                                    host,
                                    "systemctl stop dbus.socket ssh && systemctl start ssh dbus.socket; systemctl is-active ssh"))
                    .endsWith("active");
            assertThat(passwordSsh(lab, host, "sudo -S -p '' id -un")).isEqualTo("root");
            assertThat(passwordSsh(lab, host, "sudo -n id -un 2>&1 || echo refused"))
                    .endsWith("refused");
            assertThat(lab.hosts().stream().map(LocalLabIT::machineId).distinct())
                    .hasSize(6);
        }
    }

    /** Whoever is to join a cluster needs somewhere to come from. */
    @Test
    void hasRoomForNineHosts() throws Exception {
        List<String> names =
                IntStream.rangeClosed(1, 9).mapToObj(i -> "host-" + i).toList();
        try (LocalLab lab = LocalLab.start(config -> {
            names.forEach(name -> config.host(name, "192.168.60.10" + name.charAt(name.length() - 1)));
            return config;
        })) {
            assertThat(lab.hosts()).extracting(LabHost::name).containsExactlyElementsOf(names);
            for (LabHost host : lab.hosts()) {
                assertThat(OpenSshClient.run(lab, "root", host, "hostname; systemctl is-system-running"))
                        .isEqualTo(host.name() + "\nrunning");
            }
        }
    }

    @Test
    void cutsPowerAndBootsFromTheSameDisk() throws Exception {
        try (LocalLab lab = twoHosts()) {
            LabHost host = lab.host("one");
            host.exec("echo here >/root/proof; ip addr add " + VIP + "/24 dev eth0")
                    .text();
            assertThat(isOpen(VIP)).isTrue();

            host.kill();

            assertThat(host.isPowered()).isFalse();
            assertThat(isOpen(host.address())).isFalse();
            assertThat(isOpen(VIP)).as("a dead host answers for no address").isFalse();
            assertThatThrownBy(() -> host.exec("true"))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("off");
            assertThat(lab.host("two").isPowered()).isTrue();
            host.kill();

            host.boot();

            assertThat(OpenSshClient.run(lab, "root", host, "cat /root/proof")).isEqualTo("here");
            assertThat(isOpen(VIP)).isFalse();
        }
    }

    @Test
    void doesNotTellPeersOfAPowerCut() throws Exception {
        try (LocalLab lab = twoHosts();
                Socket socket = new Socket()) {
            LabHost host = lab.host("one");
            socket.connect(new InetSocketAddress(host.address(), 22), 2000);
            socket.setSoTimeout(2000);
            assertThat(new String(socket.getInputStream().readNBytes(4), StandardCharsets.US_ASCII))
                    .isEqualTo("SSH-");
            socket.getInputStream().skip(socket.getInputStream().available());
            host.kill();
            // Neither an end of file nor a reset: silence.
            assertThatThrownBy(() -> socket.getInputStream().readAllBytes()).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void cutsTheNetworkAndFreezes() throws Exception {
        try (LocalLab lab = twoHosts()) {
            LabHost host = lab.host("one");
            host.cutNetwork();
            assertThat(isOpen(host.address())).isFalse();
            assertThat(host.exec("cat /sys/class/net/eth0/carrier").text()).isEqualTo("0");
            host.restoreNetwork();
            assertThat(Wait.until(Duration.ofSeconds(10), Duration.ofMillis(100), () -> isOpen(host.address())))
                    .isTrue();

            host.freeze("sshd");
            assertThat(host.exec("cat /proc/$(systemctl show -P MainPID ssh)/stat | cut -d' ' -f3-4")
                            .text())
                    .contains("T");
            host.thaw("sshd");
            assertThat(OpenSshClient.run(lab, "root", host, "echo back")).isEqualTo("back");
            assertThatThrownBy(() -> host.freeze("no-such-daemon"))
                    .isInstanceOf(LabException.class)
                    .hasMessageContainingAll("one", "no-such-daemon");

            host.freeze();
            assertThat(lab.host("two").exec("echo alive").text()).isEqualTo("alive");
            assertThatThrownBy(() -> OpenSshClient.run(lab, "root", host, "true"))
                    .isInstanceOf(LabException.class);
            host.thaw();
            assertThat(OpenSshClient.run(lab, "root", host, "echo back")).isEqualTo("back");
            host.freeze();
            host.kill();
        }
    }

    @Test
    void runsScriptsAsTheyAre() throws Exception {
        try (LocalLab lab = twoHosts()) {
            LabHost host = lab.host("one");
            ExecResult result = host.exec("cat\necho \"it's $(hostname)\"\necho bad >&2\nexit 7");
            assertThat(result).isEqualTo(new ExecResult(7, "it's one\n", "bad\n"));
            assertThatThrownBy(result::text).hasMessageContaining("bad");
            assertThatThrownBy(() -> host.exec("sleep 60", Duration.ofMillis(300)))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("did not end");
        }
    }

    @Test
    void resetsToBareHostsOfEitherRelease() throws Exception {
        try (LocalLab lab = twoHosts()) {
            String known = Files.readString(lab.knownHosts());
            lab.host("one").exec("echo here >/root/proof").text();
            lab.host("two").kill();

            lab.reset();

            assertThat(OpenSshClient.run(lab, "root", lab.host("one"), "ls /root"))
                    .isEmpty();
            assertThat(OpenSshClient.run(lab, "root", lab.host("two"), "hostname"))
                    .isEqualTo("two");

            lab.reset(Release.BOOKWORM);

            assertThat(lab.release()).isEqualTo(Release.BOOKWORM);
            assertThat(OpenSshClient.run(lab, "ops", lab.host("one"), "cat /etc/debian_version"))
                    .startsWith("12.");
            assertThat(lab.knownHosts()).hasContent(known);
        }
    }

    @Test
    void refusesASecondLabAndNamesTheHolder() throws Exception {
        long self = ProcessHandle.current().pid();
        try (LocalLab lab = twoHosts()) {
            assertThatThrownBy(LocalLab::start)
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("process " + self);
            // Asking must not have cost the lock.
            Process other = labMain("up");
            assertThat(output(other)).contains("process " + self);
            assertThat(other.waitFor()).isEqualTo(1);
            assertThat(LocalLab.running()).hasValueSatisfying(status -> {
                assertThat(status.holder()).isEqualTo(self);
                assertThat(status.ownership()).isEqualTo(LabStatus.Ownership.PROCESS);
            });
            assertThat(lab.host("one").exec("true").succeeded()).isTrue();
        }
        assertThat(LocalLab.running()).isEmpty();
    }

    @Test
    void staysUpOnPurpose() throws Exception {
        Process up = labMain("up", "--release", "bookworm");
        assertThat(output(up)).contains("bookworm, 6 hosts, kept");
        assertThat(up.waitFor()).isZero();
        try {
            assertThatThrownBy(LocalLab::start)
                    .isInstanceOf(LabException.class)
                    .hasMessageContainingAll("on purpose", "stopAny");
            try (LocalLab lab = LocalLab.attach().orElseThrow()) {
                LabHost host = lab.host("haproxy-01");
                host.kill();
                host.boot();
                assertThat(OpenSshClient.run(lab, "ops", host, "hostname")).isEqualTo("haproxy-01");
            }
            Process exec = labMain("exec", "haproxy-02", "hostname; exit 5");
            assertThat(output(exec)).contains("haproxy-02");
            assertThat(exec.waitFor()).isEqualTo(5);
        } finally {
            assertThat(LocalLab.stopAny()).isTrue();
        }
        assertThat(LocalLab.stopAny()).isFalse();
        assertThat(LocalLab.attach()).isEmpty();
    }

    @Test
    void clearsAwayAKeptLabOfWhichNothingRunsAnyMore() throws Exception {
        try (LocalLab lab = twoHosts()) {
            lab.keep();
            // As after the end of the container or virtual machine that all of it ran in.
            for (LabHost host : lab.hosts()) {
                host.kill();
            }
        }
        assertThat(LocalLab.attach()).isEmpty();
        try (LocalLab lab = twoHosts()) {
            assertThat(OpenSshClient.run(lab, "root", lab.host("one"), "hostname"))
                    .isEqualTo("one");
        }
    }

    @Test
    void clearsAwayWhatAKilledProcessLeft() throws Exception {
        Process victim = labMain("up");
        Path pid = LabPaths.defaults(Names.of(0)).host("postgres-03").pid();
        assertThat(Wait.until(Duration.ofSeconds(60), Duration.ofMillis(20), () -> Files.exists(pid)))
                .isTrue();
        victim.destroyForcibly().waitFor();
        assertThat(MachineSnapshot.take()).isNotEqualTo(before);

        try (LocalLab lab = twoHosts()) {
            assertThat(OpenSshClient.run(lab, "root", lab.host("two"), "hostname"))
                    .isEqualTo("two");
        }
    }

    @Test
    void undoesAStartThatIsTerminated() throws Exception {
        Process victim = labMain("up");
        assertThat(Wait.until(
                        Duration.ofSeconds(60),
                        Duration.ofMillis(20),
                        () -> !Cgroups.ofMachine().ours(Names.of(0)).isEmpty()))
                .isTrue();
        victim.destroy();
        assertThat(victim.waitFor()).isEqualTo(143);
    }

    @Test
    void undoesAStartThatIsInterrupted() throws Exception {
        List<Throwable> thrown = new ArrayList<>();
        Thread thread = new Thread(() -> {
            try {
                LocalLab.start().close();
            } catch (Throwable e) {
                thrown.add(e);
            }
        });
        thread.start();
        assertThat(Wait.until(
                        Duration.ofSeconds(60),
                        Duration.ofMillis(20),
                        () -> !Cgroups.ofMachine().ours(Names.of(0)).isEmpty()))
                .isTrue();
        thread.interrupt();
        thread.join();
        assertThat(thrown).singleElement().isInstanceOf(InterruptedException.class);
    }

    @Test
    void showsTheConsoleOfAHostThatDoesNotBoot() {
        LabException failure = catchThrowableOfType(
                LabException.class,
                () -> LocalLab.start(
                        config -> config.host("slow", "192.168.60.100").bootTimeout(Duration.ofMillis(150))));
        assertThat(failure.code()).isEqualTo("lab.boot");
        assertThat(failure.node()).hasValue("slow");
        assertThat(failure).hasMessageContainingAll("did not answer", "console");
    }

    @Test
    void keepsOutOfADirectoryThatIsNotALabs() throws Exception {
        Path precious = Files.writeString(
                Files.createDirectory(temporary.resolve("ssh")).resolve("key"), "precious");
        assertThatThrownBy(() -> LocalLab.start(config -> config.stateDirectory(temporary)))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("state directory");
        assertThat(precious).hasContent("precious");
    }

    @Test
    void standsBesideALabOfAnotherNumber() throws Exception {
        try (LocalLab second = oneHost(1)) {
            LabHost host = second.host("one");
            try (LocalLab first = twoHosts()) {
                assertThat(OpenSshClient.run(first, "root", first.host("one"), "hostname"))
                        .isEqualTo("one");
                assertThat(OpenSshClient.run(second, "root", host, "hostname")).isEqualTo("one");
                assertThatThrownBy(() -> oneHost(1)).hasMessageContainingAll("lab 1", "in use");
                assertThatThrownBy(() -> LocalLab.start(config -> config.number(2)
                                .stateDirectory(first.config().paths().state())))
                        .isInstanceOf(LabException.class)
                        .hasMessageContaining("is that of lab 0");
            }
            assertThat(LocalLab.running(0)).isEmpty();
            assertThat(LocalLab.stopAny(0)).isFalse();
            assertThat(LocalLab.running(1))
                    .hasValueSatisfying(status -> assertThat(status.number()).isEqualTo(1));
            assertThat(Machine.read(Sysctls.FORWARD).strip()).isEqualTo("1");
            // Through the machine and out: an answer from Debian's archive.
            assertThat(OpenSshClient.run(
                            second, "root", host, "apt-get -q -o APT::Update::Error-Mode=any update && hostname"))
                    .endsWith("one");
            host.kill();
            host.boot();
            assertThat(OpenSshClient.run(second, "root", host, "hostname")).isEqualTo("one");
        }
    }

    @Test
    void leavesWhatAKilledProcessOfAnotherNumberLeft() throws Exception {
        Process victim = labMain("--number", "1", "up");
        Path pid = LabPaths.defaults(Names.of(1)).host("postgres-03").pid();
        assertThat(Wait.until(Duration.ofSeconds(60), Duration.ofMillis(20), () -> Files.exists(pid)))
                .isTrue();
        victim.destroyForcibly().waitFor();

        try (LocalLab lab = twoHosts()) {
            assertThat(OpenSshClient.run(lab, "root", lab.host("two"), "hostname"))
                    .isEqualTo("two");
        }

        assertThat(Cgroups.ofMachine().holdsProcesses(Names.of(1))).isTrue();
        assertThat(LocalLab.stopAny(0)).isFalse();
        Process down = labMain("--number", "1", "down");
        assertThat(output(down)).contains("the lab is down");
        assertThat(down.waitFor()).isZero();
    }

    private static LocalLab oneHost(int number) throws InterruptedException {
        return LocalLab.start(config -> config.number(number)
                .host("one", LabConfig.builder().number(number).build().address(100)));
    }

    private static LocalLab twoHosts() throws InterruptedException {
        return LocalLab.start(config -> config.host("one", "192.168.60.100").host("two", "192.168.60.101"));
    }

    private static String machineId(LabHost host) {
        try {
            return host.exec("cat /etc/machine-id").text();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isOpen(String address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, 22), 1500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private String passwordSsh(LocalLab lab, LabHost host, String command) throws Exception {
        Path ask = temporary.resolve("ask");
        Files.writeString(ask, "#!/bin/sh\ncat " + lab.privateKey().resolveSibling("password") + "\n");
        Files.setPosixFilePermissions(ask, PosixFilePermissions.fromString("rwx------"));
        return Shell.command(
                        "env",
                        "SSH_ASKPASS=" + ask,
                        "SSH_ASKPASS_REQUIRE=force",
                        "ssh",
                        "-o",
                        "PreferredAuthentications=password",
                        "-o",
                        "UserKnownHostsFile=" + lab.knownHosts(),
                        "-o",
                        "StrictHostKeyChecking=yes",
                        "opspw@" + host.address(),
                        command)
                .input(lab.password() + "\n")
                .check()
                .text();
    }

    private static Process labMain(String... args) throws IOException {
        List<String> argv = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LabMain.class.getName()));
        argv.addAll(List.of(args));
        return new ProcessBuilder(argv).redirectErrorStream(true).start();
    }

    private static String output(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
