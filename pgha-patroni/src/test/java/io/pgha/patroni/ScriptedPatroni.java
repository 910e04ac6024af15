package io.pgha.patroni;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * A server that speaks as Patroni's REST API does: HTTP/1.0, one request per connection, the end of the connection as
 * the end of the body, and, over TLS, a close_notify after which it waits for the client's. What it says is scripted
 * per path.
 */
final class ScriptedPatroni implements AutoCloseable {
    private final ServerSocket server;
    /** Listens to nobody, and keeps the port from being given to somebody else when the server has stopped. */
    private final Socket port = new Socket();

    private final Optional<Handshake> tls;
    private final Map<String, Deque<Behaviour>> script = new ConcurrentHashMap<>();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** What the server does with a connection after the request was read. */
    interface Behaviour {
        void answer(Received request, Socket socket) throws IOException, InterruptedException;
    }

    /** One request as it came. */
    record Received(String method, String path, Map<String, String> headers, String body) {
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /** Puts TLS on an accepted connection. */
    private interface Handshake {
        SSLSocket on(Socket socket) throws IOException;
    }

    private ScriptedPatroni(Optional<Handshake> tls) {
        try {
            this.server = new ServerSocket();
            server.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            port.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            port.bind(server.getLocalSocketAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.tls = tls;
        Thread thread = new Thread(this::accept, "scripted-patroni-" + server.getLocalPort());
        thread.setDaemon(true);
        thread.start();
    }

    static ScriptedPatroni plain() {
        return new ScriptedPatroni(Optional.empty());
    }

    static ScriptedPatroni tls(TestIdentity identity, String... protocols) {
        return tls(identity, identity, "none", protocols);
    }

    /** Verifies clients as {@code restapi.verify_client} says: {@code none}, {@code optional} or {@code required}. */
    static ScriptedPatroni tls(TestIdentity identity, TestIdentity clients, String verifyClient, String... protocols) {
        SSLSocketFactory factory = identity.serverContext(clients).getSocketFactory();
        return new ScriptedPatroni(Optional.of(plain -> {
            SSLSocket socket = (SSLSocket) factory.createSocket(plain, null, false);
            socket.setUseClientMode(false);
            if (protocols.length > 0) {
                socket.setEnabledProtocols(protocols);
            }
            socket.setWantClientAuth(verifyClient.equals("optional"));
            if (verifyClient.equals("required")) {
                socket.setNeedClientAuth(true);
            }
            return socket;
        }));
    }

    /** Scripts a request such as {@code GET /cluster}; of several behaviours each is used once, the last for ever. */
    ScriptedPatroni on(String request, Behaviour... behaviours) {
        script.put(request, new ArrayDeque<>(List.of(behaviours)));
        return this;
    }

    int port() {
        return server.getLocalPort();
    }

    String url() {
        return (tls.isPresent() ? "https" : "http") + "://127.0.0.1:" + port();
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port());
    }

    List<Received> received() {
        return received;
    }

    long count(String request) {
        return received.stream().filter(one -> one.toString().equals(request)).count();
    }

    int openConnections() {
        return open.size();
    }

    static Behaviour json(String body) {
        return body(200, "application/json", body);
    }

    static Behaviour text(int status, String body) {
        return body(status, "text/html", body);
    }

    /** A reply without Content-Length: the body ends where the connection does. */
    static Behaviour body(int status, String type, String body) {
        return (request, socket) -> {
            OutputStream out = socket.getOutputStream();
            out.write(head(status, "Content-Type: " + type));
            out.write(body.getBytes(StandardCharsets.UTF_8));
            out.flush();
        };
    }

    /** The error page of Python's http.server, the only answer that has a Content-Length. */
    static Behaviour page(int status, String reason) {
        String html = "<!DOCTYPE HTML>\n<html><head><title>Error response</title></head><body><h1>Error response</h1>"
                + "<p>Error code: " + status + "</p><p>Message: " + reason + ".</p></body></html>\n";
        return (request, socket) -> {
            OutputStream out = socket.getOutputStream();
            out.write(head(
                    status,
                    "Connection: close",
                    "Content-Type: text/html;charset=utf-8",
                    "Content-Length: " + html.length()));
            out.write(html.getBytes(StandardCharsets.UTF_8));
            out.flush();
        };
    }

    /** No byte at all, as when the handler fails because etcd is away. */
    static Behaviour hangUp() {
        return (request, socket) -> {};
    }

    /** A TCP reset instead of an end. */
    static Behaviour reset(String beforeIt) {
        return (request, socket) -> {
            socket.getOutputStream().write(beforeIt.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            throw new ResetException();
        };
    }

    /** Asks for a TCP reset. */
    private static final class ResetException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** Some bytes and then nothing more, with the connection left open. */
    Behaviour stall(String bytes) {
        return (request, socket) -> {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            untilPeerLeaves(socket);
        };
    }

    static byte[] head(int status, String... headers) {
        StringBuilder head = new StringBuilder("HTTP/1.0 " + status + " x\r\nServer: BaseHTTP/0.6 Python/3.13.5\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** Blocks until the client closes the connection, or the server is closed. */
    static void untilPeerLeaves(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        while (in.read() >= 0) {
            // whatever comes after the request is of no interest
        }
    }

    @Override
    public void close() throws IOException {
        stop();
        port.close();
    }

    /** Refuses connections from now on, for as long as this is not closed. */
    void stop() throws IOException {
        closed.countDown();
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        while (closed.getCount() > 0) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                if (closed.getCount() == 0) { // an accept that was under way may still take what comes after the close
                    socket.close();
                    return;
                }
                Thread thread = new Thread(() -> serve(socket), "scripted-patroni-connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket plain) {
        try (plain) {
            serveOn(plain);
        } catch (IOException e) {
            // A client that hangs up, or fails the handshake, is part of many tests.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(plain);
        }
    }

    private void serveOn(Socket plain) throws IOException, InterruptedException {
        try {
            Socket socket = tls.isPresent() ? tls.get().on(plain) : plain;
            Received request = read(socket.getInputStream());
            if (request == null) {
                return;
            }
            received.add(request);
            Deque<Behaviour> behaviours = script.get(request.toString());
            Behaviour behaviour;
            if (behaviours == null) {
                behaviour = request.method().equals("GET")
                        ? body(503, "application/json", "{\"state\": \"running\", \"role\": \"replica\"}")
                        : page(501, "Unsupported method ('" + request.method() + "')");
            } else {
                synchronized (behaviours) {
                    behaviour = behaviours.size() > 1 ? behaviours.remove() : behaviours.element();
                }
            }
            behaviour.answer(request, socket);
            if (socket instanceof SSLSocket ssl) {
                // As Python's unwrap(): close_notify, then the wait for the peer's, with the TCP connection open all
                // the time.
                ssl.shutdownOutput();
                plain.getInputStream().read();
            }
        } catch (ResetException e) {
            plain.setSoLinger(true, 0);
        }
    }

    private static Received read(InputStream in) throws IOException {
        String[] start = line(in).split(" ", -1);
        if (start.length < 2) {
            return null;
        }
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Received(start[0], start[1], headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(StandardCharsets.US_ASCII);
    }

    /**
     * Says whether a thread is one of a client's own, or the selector of its HTTP client, which is in a group of that
     * name.
     */
    static boolean isThreadOfAClient(Thread thread) {
        ThreadGroup group = thread.getThreadGroup();
        return thread.getName().startsWith("pgha-patroni-")
                || (group != null && group.getName().startsWith("pgha-patroni-"));
    }
}
