package io.pgha.ssh;

import io.pgha.host.Transport;
import io.pgha.model.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class MinaTransportTest extends ShellContract {
    @TempDir
    static Path dir;

    static MinaServer server;

    @BeforeAll
    static void start() throws IOException {
        KeyPair key = TestKeys.ec();
        TestKeys.write(dir.resolve("id"), key);
        server = new MinaServer().start();
        server.authorized.add(key.getPublic());
        Files.writeString(dir.resolve("known_hosts"), server.knownHostsLine());
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @Override
    protected Transport newTransport() {
        return Ssh.transport(
                ssh -> ssh.user("root").privateKey(dir.resolve("id")).knownHosts(dir.resolve("known_hosts")));
    }

    @Override
    void drop() {
        server.drop();
    }

    @Override
    protected Node node() {
        return server.node();
    }
}
