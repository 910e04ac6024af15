package io.pgha.examples.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The REST APIs of many clusters of three members, all on one thread: HTTP/1.0, and the end of the connection is the
 * end of the answer, as Patroni does it. Without TLS, so that the client is measured and not the ciphers.
 */
final class PatroniServers implements AutoCloseable {
    private static final int MEMBERS = 3;
    private static final int REQUEST_LIMIT = 8192;

    private final Selector selector;
    private final List<ServerSocketChannel> listening = new ArrayList<>();
    private final Thread thread;

    /** One member's two answers. */
    private record Member(String cluster, String status) {}

    /** A connection whose request is being read. */
    private record Talk(Member member, ByteBuffer request) {}

    PatroniServers(int clusters) throws IOException {
        selector = Selector.open();
        for (int c = 0; c < clusters; c++) {
            List<ServerSocketChannel> own = new ArrayList<>();
            for (int m = 0; m < MEMBERS; m++) {
                ServerSocketChannel channel = ServerSocketChannel.open();
                channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 512);
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_ACCEPT);
                own.add(channel);
            }
            String cluster = answer(clusterDocument(c, own));
            for (int m = 0; m < MEMBERS; m++) {
                own.get(m).keyFor(selector).attach(new Member(cluster, answer(statusDocument(c, m))));
            }
            listening.addAll(own);
        }
        thread = new Thread(this::serve, "bench-patroni-servers");
        thread.setDaemon(true);
        thread.start();
    }

    /** Returns the address of a cluster's first member. */
    String url(int cluster) throws IOException {
        return url(listening.get(cluster * MEMBERS));
    }

    private static String url(ServerSocketChannel channel) throws IOException {
        return "http://127.0.0.1:" + ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    private static String clusterDocument(int cluster, List<ServerSocketChannel> own) throws IOException {
        StringBuilder json = new StringBuilder("{\"members\": [");
        for (int m = 0; m < own.size(); m++) {
            json.append(m == 0 ? "" : ", ")
                    .append("{\"name\": \"postgres-0")
                    .append(m + 1)
                    .append("\", \"role\": \"")
                    .append(m == 0 ? "leader" : "replica")
                    .append("\", \"state\": \"")
                    .append(m == 0 ? "running" : "streaming")
                    .append("\", \"api_url\": \"")
                    .append(url(own.get(m)))
                    .append("/patroni\", \"host\": \"10.0.0.")
                    .append(m + 1)
                    .append("\", \"port\": 5432, \"timeline\": 1")
                    .append(m == 0 ? "" : ", \"lag\": 0")
                    .append('}');
        }
        return json.append("], \"scope\": \"cluster-")
                .append(cluster)
                .append("\"}")
                .toString();
    }

    private static String statusDocument(int cluster, int member) {
        return "{\"state\": \"running\", \"role\": \"" + (member == 0 ? "primary" : "replica")
                + "\", \"server_version\": 170006, \"xlog\": {\"location\": 67108960}, \"timeline\": 1, \"dcs_last_seen\":"
                + " 1795428000, \"database_system_identifier\": \"7711212378671725294\", \"patroni\": {\"version\":"
                + " \"4.0.7\", \"scope\": \"cluster-" + cluster + "\", \"name\": \"postgres-0" + (member + 1) + "\"}}";
    }

    private static String answer(String json) {
        return "HTTP/1.0 200 OK\r\nServer: BaseHTTP/0.6 Python/3.13.5\r\nContent-Type: application/json\r\n\r\n" + json;
    }

    private void serve() {
        try {
            while (selector.isOpen()) {
                selector.select();
                Iterator<SelectionKey> ready = selector.selectedKeys().iterator();
                while (ready.hasNext()) {
                    SelectionKey key = ready.next();
                    ready.remove();
                    if (key.isValid() && key.isAcceptable()) {
                        accept((ServerSocketChannel) key.channel(), (Member) key.attachment());
                    } else if (key.isValid()) {
                        talk(key);
                    }
                }
            }
        } catch (IOException | ClosedSelectorException e) {
            // The servers were closed.
        }
    }

    private void accept(ServerSocketChannel server, Member member) throws IOException {
        for (SocketChannel channel = server.accept(); channel != null; channel = server.accept()) {
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, new Talk(member, ByteBuffer.allocate(REQUEST_LIMIT)));
        }
    }

    private static void talk(SelectionKey key) throws IOException {
        SocketChannel channel = (SocketChannel) key.channel();
        Talk talk = (Talk) key.attachment();
        int read;
        try {
            read = channel.read(talk.request());
        } catch (IOException e) {
            read = -1; // the client gave up
        }
        String request = new String(talk.request().array(), 0, talk.request().position(), StandardCharsets.US_ASCII);
        if (read >= 0 && !request.endsWith("\r\n\r\n")) {
            return;
        }
        if (read >= 0) {
            String answer = request.startsWith("GET /cluster ")
                    ? talk.member().cluster()
                    : talk.member().status();
            channel.write(ByteBuffer.wrap(
                    answer.getBytes(StandardCharsets.US_ASCII))); // a kilobyte fits into the socket's buffer
        }
        key.cancel();
        channel.close();
    }

    @Override
    public void close() throws IOException {
        selector.close();
        for (ServerSocketChannel channel : listening) {
            channel.close();
        }
    }
}
