package io.pgha.etcd.internal.rpc;

import io.pgha.client.Async;
import io.pgha.client.DaemonThreads;
import io.pgha.etcd.EtcdClientOptions;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A way to one etcd cluster: its threads, its requests, and the gateways of its members, closed as one. Thread-safe.
 */
public final class Session implements AutoCloseable {
    private static final AtomicInteger SESSIONS = new AtomicInteger();

    private final ExecutorService threads = DaemonThreads.pool("pgha-etcd-" + SESSIONS.incrementAndGet());
    private final Async async = new Async(threads, Failures::closed);
    private final Rpc rpc;
    private final Gateway gateway;
    private final Runnable afterClose;

    public Session(EtcdClientOptions options, Login login, Runnable afterClose) {
        Tls tls = Tls.of(options);
        this.afterClose = afterClose;
        this.rpc = new Rpc(options, login, tls, threads);
        this.gateway = new Gateway(options, tls);
    }

    public Async async() {
        return async;
    }

    public Rpc rpc() {
        return rpc;
    }

    public Gateway gateway() {
        return gateway;
    }

    @Override
    public void close() {
        rpc.close();
        async.close();
        threads.shutdown();
        afterClose.run();
    }
}
