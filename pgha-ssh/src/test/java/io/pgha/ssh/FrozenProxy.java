package io.pgha.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;

/**
 * Passes connections on until it freezes: then they stay open, and nothing moves, as when a machine loses its power.
 */
final class FrozenProxy implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final int target;
    private volatile boolean frozen;

    FrozenProxy(int target) throws IOException {
        this.target = target;
        Future<Boolean> accepting = ShellContract.async(() -> {
            while (!server.isClosed()) {
                Socket client = server.accept();
                Socket there = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(client);
                sockets.add(there);
                Future<Boolean> unusedThere = ShellContract.async(() -> copy(client, there));
                Future<Boolean> unusedBack = ShellContract.async(() -> copy(there, client));
            }
            return true;
        });
        if (accepting.isDone()) {
            throw new IOException("The proxy did not start");
        }
    }

    private boolean copy(Socket from, Socket to) throws IOException {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] buffer = new byte[8192];
        for (int read = in.read(buffer); read >= 0 && !frozen; read = in.read(buffer)) {
            out.write(buffer, 0, read);
        }
        if (!frozen) {
            to.close();
        }
        return true;
    }

    int port() {
        return server.getLocalPort();
    }

    void freeze() {
        frozen = true;
    }

    int target() {
        return target;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
