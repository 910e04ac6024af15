package io.pgha.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.host.Command;
import io.pgha.host.CommandResult;
import io.pgha.host.RemoteHost;
import io.pgha.host.ShellQuote;
import io.pgha.host.Transport;
import io.pgha.model.Node;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real OpenSSH server's machine and host keys look like from outside. */
class OpenSshTest {
    @TempDir
    static Path dir;

    static RealSshd sshd;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        OpenSshTransportTest.requireSshd();
        sshd = new RealSshd(dir, List.of("MaxSessions 2"));
    }

    @AfterAll
    static void stop() {
        if (sshd != null) {
            sshd.close();
        }
    }

    private static Transport transport(Path knownHosts) {
        return Ssh.transport(
                ssh -> ssh.user("root").privateKey(dir.resolve("id")).knownHosts(knownHosts));
    }

    /** Reads every process's arguments and environment. */
    private static List<String> processes() throws IOException {
        List<String> texts = new ArrayList<>();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path process : processes
                    .filter(p -> p.getFileName().toString().matches("[0-9]+"))
                    .toList()) {
                for (String file : List.of("cmdline", "environ")) {
                    try {
                        texts.add(new String(Files.readAllBytes(process.resolve(file)), StandardCharsets.UTF_8));
                    } catch (IOException ended) {
                        texts.add("");
                    }
                }
            }
        }
        return texts;
    }

    @Test
    void theProcessListShowsNeitherScriptNorInput(@TempDir Path scratch) throws Exception {
        String scriptMark = "script-mark-" + System.nanoTime();
        String inputMark = "input-mark-" + System.nanoTime();
        String go = ShellQuote.quote(scratch.resolve("go").toString());
        CountDownLatch started = new CountDownLatch(1);
        try (Transport transport = transport(dir.resolve("known_hosts"))) {
            RemoteHost host = transport.connect(sshd.node());
            Future<CommandResult> running = ShellContract.async(() -> host.run(Command.builder()
                    .script(": " + scriptMark + "\necho; while ! [ -e " + go + " ]; do sleep 0.05; done; cat")
                    .stdin(inputMark)
                    .output(line -> started.countDown())
                    .build()));
            assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
            List<String> seen = processes();
            Files.createFile(scratch.resolve("go"));
            assertThat(running.get(20, TimeUnit.SECONDS)).isEqualTo(new CommandResult(0, "\n" + inputMark, ""));
            assertThat(seen).anyMatch(text -> text.contains("pgha_s=$(head -c"));
            assertThat(seen).noneMatch(text -> text.contains(scriptMark) || text.contains(inputMark));
        }
    }

    @Test
    void twoSessionsAreEnough() throws Exception {
        try (Transport transport = transport(dir.resolve("known_hosts"))) {
            RemoteHost host = transport.connect(sshd.node());
            for (int i = 0; i < 5; i++) {
                assertThat(host.run(Command.sh("echo " + i)).stdout()).isEqualTo(i + "\n");
            }
        }
    }

    /** In JVMs of their own: other tests' servers make Bouncy Castle a provider of this one. */
    @Test
    void bouncyCastleIsOnlyWhereItIsNeeded(@TempDir Path scratch) throws Exception {
        Path ecdsaKey = scratch.resolve("ecdsa");
        RealSshd.keygen("-q", "-t", "ecdsa", "-N", "", "-f", ecdsaKey.toString());
        Path authorized = dir.resolve("authorized_keys");
        Files.writeString(authorized, Files.readString(authorized) + Files.readString(scratch.resolve("ecdsa.pub")));
        for (String type : List.of("ed25519", "rsa", "ecdsa")) {
            Path knownHosts = scratch.resolve("known_hosts_" + type);
            Files.writeString(knownHosts, sshd.knownHostsLine(type));
            assertThat(FreshJvm.run(sshd.port(), knownHosts, dir.resolve("id")))
                    .contains("in, Bouncy Castle " + (type.equals("ecdsa") ? "present" : "absent"));
        }
        assertThat(FreshJvm.run(sshd.port(), dir.resolve("known_hosts"), ecdsaKey))
                .contains("in, Bouncy Castle present");
    }

    @Test
    void theKeyThatIsKnownIsTheOneAskedFor(@TempDir Path scratch) throws Exception {
        for (String type : List.of("ed25519", "ecdsa", "rsa")) {
            Path knownHosts = scratch.resolve("known_hosts_" + type);
            Files.writeString(knownHosts, sshd.knownHostsLine(type));
            try (Transport transport = transport(knownHosts)) {
                assertThat(transport.connect(sshd.node()).run(Command.sh(":")).succeeded())
                        .isTrue();
            }
            RealSshd.keygen("-q", "-H", "-f", knownHosts.toString());
            assertThat(Files.readString(knownHosts)).startsWith("|1|");
            try (Transport transport = transport(knownHosts)) {
                assertThat(transport.connect(sshd.node()).run(Command.sh(":")).succeeded())
                        .isTrue();
            }
        }
    }

    @Test
    void keysOfEachKindLetIn(@TempDir Path scratch) throws Exception {
        StringBuilder authorized = new StringBuilder(Files.readString(dir.resolve("authorized_keys")));
        for (String type : List.of("ed25519", "ecdsa", "rsa")) {
            RealSshd.keygen(
                    "-q", "-t", type, "-N", "", "-f", scratch.resolve(type).toString());
            authorized.append(Files.readString(scratch.resolve(type + ".pub")));
        }
        Files.writeString(dir.resolve("authorized_keys"), authorized);
        for (String type : List.of("ed25519", "ecdsa", "rsa")) {
            try (Transport transport = Ssh.transport(
                    ssh -> ssh.user("root").privateKey(scratch.resolve(type)).knownHosts(dir.resolve("known_hosts")))) {
                assertThat(transport.connect(sshd.node()).run(Command.sh(":")).succeeded())
                        .isTrue();
            }
        }
    }

    /** A thread joins the group of the thread that makes it: the one that reads a connection must not. */
    @Test
    void anInterruptOfAllWhoseThreadsOpenedAConnectionDoesNotDeafenIt() throws Exception {
        ThreadGroup callers = new ThreadGroup("callers");
        try (Transport transport = transport(dir.resolve("known_hosts"))) {
            FutureTask<RemoteHost> opening = new FutureTask<>(() -> transport.connect(sshd.node()));
            Thread opener = new Thread(callers, opening);
            opener.start();
            RemoteHost host = opening.get(30, TimeUnit.SECONDS);
            opener.join();
            assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> callers.equals(thread.getThreadGroup()));
            for (String word : List.of("still", "on")) {
                callers.interrupt();
                assertThat(host.run(Command.builder()
                                        .script("echo " + word)
                                        .timeout(Duration.ofSeconds(20))
                                        .build())
                                .stdout())
                        .isEqualTo(word + "\n");
            }
        }
    }

    @Test
    void manyMachinesAreReachedAtOnce() throws Exception {
        try (Transport transport = transport(dir.resolve("known_hosts"))) {
            List<Future<CommandResult>> all = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                Node node = Node.builder().from(sshd.node()).name("pg" + i).build();
                String name = node.name();
                all.add(ShellContract.async(() -> transport.connect(node).run(Command.sh("echo " + name))));
            }
            for (int i = 0; i < all.size(); i++) {
                assertThat(all.get(i).get(30, TimeUnit.SECONDS).stdout()).isEqualTo("pg" + i + "\n");
            }
        }
    }
}
