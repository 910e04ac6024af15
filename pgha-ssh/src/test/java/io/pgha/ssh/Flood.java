package io.pgha.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.host.Tunnel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A server that reads nothing, and a client that writes through a tunnel until nothing on the way takes any more. */
final class Flood implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final AtomicLong written = new AtomicLong();

    Flood() throws IOException {
        server.setReceiveBufferSize(4096);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Fills the way; then lets the server hang up, and waits until the client's end is told. */
    void fillThenHangUp(Tunnel tunnel) throws Exception {
        try (Socket client = new Socket()) {
            client.connect(tunnel.localAddress(), 10_000);
            Future<Boolean> pouring = ShellContract.async(() -> pour(client));
            try (Socket deaf = server.accept()) {
                deaf.setSoLinger(true, 0);
                awaitStandstill();
            }
            assertThat(pouring).failsWithin(Duration.ofSeconds(20));
        }
    }

    private boolean pour(Socket client) throws IOException {
        byte[] bytes = new byte[16 * 1024];
        while (true) {
            client.getOutputStream().write(bytes);
            written.addAndGet(bytes.length);
        }
    }

    private void awaitStandstill() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        long last = -1;
        long since = System.nanoTime();
        while (last <= 0 || System.nanoTime() - since < TimeUnit.MILLISECONDS.toNanos(500)) {
            assertThat(System.nanoTime()).as("the way is full").isLessThan(end);
            long now = written.get();
            if (now != last) {
                last = now;
                since = System.nanoTime();
            }
            Thread.sleep(20);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
