package io.pgha.ssh;

import io.pgha.model.Node;
import io.pgha.model.NodeRole;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An OpenSSH server of its own, on the loopback interface, with its own configuration and keys in one folder. */
public final class RealSshd implements AutoCloseable {
    static final Path BINARY = Path.of("/usr/sbin/sshd");

    private final Path dir;
    private final int port;
    private final Process process;

    RealSshd(Path dir, List<String> settings) throws IOException, InterruptedException {
        this(dir, settings, List.of());
    }

    /**
     * Starts it.
     *
     * @param settings lines of its configuration; they go before what is set here
     * @param launcher a command that runs the one which follows it
     */
    RealSshd(Path dir, List<String> settings, List<String> launcher) throws IOException, InterruptedException {
        this.dir = dir;
        this.port = freePort();
        for (String type : List.of("ed25519", "ecdsa", "rsa")) {
            keygen("-q", "-t", type, "-N", "", "-f", dir.resolve("host_" + type).toString());
        }
        keygen("-q", "-t", "ed25519", "-N", "", "-f", dir.resolve("id").toString());
        Files.copy(dir.resolve("id.pub"), dir.resolve("authorized_keys"));
        StringBuilder config = new StringBuilder();
        settings.stream()
                .takeWhile(line -> !line.startsWith("Match "))
                .forEach(line -> config.append(line).append('\n'));
        config.append("Port ")
                .append(port)
                .append("\nListenAddress 127.0.0.1\nPidFile none\nUsePAM no\nStrictModes no\n");
        config.append("PermitRootLogin yes\nPasswordAuthentication no\nLogLevel VERBOSE\nUseDNS no\n");
        config.append("AuthorizedKeysFile ")
                .append(dir.resolve("authorized_keys"))
                .append('\n');
        for (String type : List.of("ed25519", "ecdsa", "rsa")) {
            config.append("HostKey ").append(dir.resolve("host_" + type)).append('\n');
        }
        // bash then leaves ~/.bashrc alone, which may be slow or talkative on a developer's machine.
        config.append("SetEnv SHLVL=5\n");
        settings.stream()
                .dropWhile(line -> !line.startsWith("Match "))
                .forEach(line -> config.append(line).append('\n'));
        Files.writeString(dir.resolve("sshd_config"), config);
        // Where the package's unit is not running, nobody else makes it, and sshd insists.
        Files.createDirectories(Path.of("/run/sshd"));
        List<String> command = new ArrayList<>(launcher);
        command.addAll(List.of(
                BINARY.toString(), "-D", "-e", "-f", dir.resolve("sshd_config").toString()));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("log").toFile())
                .start();
        awaitPort();
        Files.writeString(dir.resolve("known_hosts"), knownHostsLine("ed25519"));
    }

    public static String keygen(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "ssh-keygen";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed: " + output);
        }
        return output;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitPort() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < end && process.isAlive()) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                if (socket.getInputStream().read() == 'S') {
                    return;
                }
            } catch (IOException notYet) {
                Thread.sleep(20);
            }
        }
        close();
        throw new IOException("sshd did not start: " + Files.readString(dir.resolve("log")));
    }

    String knownHostsLine(String type) throws IOException {
        return "[127.0.0.1]:" + port + " " + Files.readString(dir.resolve("host_" + type + ".pub"));
    }

    int port() {
        return port;
    }

    Path dir() {
        return dir;
    }

    Node node() {
        return Node.builder()
                .name("pg1")
                .address("127.0.0.1")
                .sshPort(port)
                .role(NodeRole.POSTGRES)
                .build();
    }

    /** Returns the processes that serve connections. */
    List<ProcessHandle> sessions() {
        return process.children().toList();
    }

    /** Ends the processes of all connections, and waits until they have ended; what they started goes on. */
    void drop() {
        List<ProcessHandle> serving = process.descendants()
                .filter(child -> child.info().command().orElse("").endsWith("/sshd"))
                .toList();
        serving.forEach(ProcessHandle::destroyForcibly);
        serving.forEach(child -> child.onExit().orTimeout(10, TimeUnit.SECONDS).join());
    }

    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
