package io.pgha.ssh;

import io.pgha.host.Command;
import io.pgha.host.RemoteHost;
import io.pgha.host.Transport;
import io.pgha.model.Node;
import io.pgha.model.NodeRole;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Security;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Connects once in a JVM of its own, where no other test has changed what the JVM provides. */
final class FreshJvm {
    private FreshJvm() {}

    public static void main(String[] arguments) throws InterruptedException {
        Node node = Node.builder()
                .name("pg1")
                .address("127.0.0.1")
                .sshPort(Integer.parseInt(arguments[0]))
                .role(NodeRole.POSTGRES)
                .build();
        long start = System.nanoTime();
        try (Transport transport = Ssh.transport(
                ssh -> ssh.user("root").knownHosts(Path.of(arguments[1])).privateKey(Path.of(arguments[2])))) {
            RemoteHost host = transport.connect(node);
            long connected = System.nanoTime();
            String said = host.run(Command.sh("echo in")).stdout().strip();
            System.out.printf(
                    Locale.ROOT,
                    "%s, Bouncy Castle %s, connected after %d ms, first command %d ms%n",
                    said,
                    Security.getProvider("BC") == null ? "absent" : "present",
                    TimeUnit.NANOSECONDS.toMillis(connected - start),
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - connected));
        }
    }

    static String run(int port, Path knownHosts, Path key) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        FreshJvm.class.getName(),
                        String.valueOf(port),
                        knownHosts.toString(),
                        key.toString())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
