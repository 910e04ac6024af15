package io.pgha.etcd;

import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A watch on what Patroni keeps in etcd. Thread-safe; ends when it is closed. */
public final class DcsWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DcsWatch.class);
    private static final long PAUSE_MILLIS = 500;

    private final Dcs dcs;
    private final Rpc rpc;
    private final Consumer<DcsView> listener;
    private volatile Optional<CompletableFuture<Void>> running = Optional.empty();
    private volatile boolean closed;
    private Optional<DcsView> told = Optional.empty();

    DcsWatch(Dcs dcs, Rpc rpc, Consumer<DcsView> listener) {
        this.dcs = dcs;
        this.rpc = rpc;
        this.listener = listener;
    }

    void started(CompletableFuture<Void> future) {
        running = Optional.of(future);
        if (closed) {
            future.cancel(true);
        }
    }

    private enum Signal {
        CHANGED,
        ENDED
    }

    Void run() throws InterruptedException {
        while (!closed) {
            try {
                follow(tell());
            } catch (EtcdException e) {
                rpc.checkOpen();
                LOG.debug("A watch on {} is taken up again", dcs.start().toStringUtf8(), e);
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        }
        throw new InterruptedException("the watch was closed");
    }

    /** Reads and tells, unless it is what was told last; returns the revision that was read. */
    private long tell() throws InterruptedException {
        DcsView view = dcs.view();
        if (!told.map(DcsView::raw).equals(Optional.of(view.raw()))) {
            told = Optional.of(view);
            try {
                listener.accept(view);
            } catch (RuntimeException e) {
                LOG.warn("The listener of a watch failed", e);
            }
        }
        return view.revision();
    }

    /** Follows one stream until it ends for whatever reason. */
    private void follow(long revision) throws InterruptedException {
        BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
        URI member = rpc.serving();
        Stream stream = new Stream(signals);
        WatchGrpc.newStub(rpc.stream(member))
                .watch(stream)
                .onNext(WatchRequest.newBuilder()
                        .setCreateRequest(WatchCreateRequest.newBuilder()
                                .setKey(dcs.start())
                                .setRangeEnd(dcs.end())
                                .setStartRevision(revision + 1))
                        .build());
        try {
            while (signals.take() == Signal.CHANGED) {
                signals.removeIf(Signal.CHANGED::equals);
                tell();
            }
            rpc.discard(member);
        } finally {
            stream.cancel();
        }
    }

    /** Puts what etcd says into the queue. */
    private static final class Stream implements ClientResponseObserver<WatchRequest, WatchResponse> {
        private final BlockingQueue<Signal> signals;
        private volatile @Nullable ClientCallStreamObserver<WatchRequest> requests;

        Stream(BlockingQueue<Signal> signals) {
            this.signals = signals;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<WatchRequest> stream) {
            requests = stream;
        }

        @Override
        public void onNext(WatchResponse response) {
            if (response.getCanceled()) {
                signals.add(Signal.ENDED); // the revision is compacted, say: reading again is all it takes
            } else if (response.getEventsCount() > 0) {
                signals.add(Signal.CHANGED);
            }
        }

        @Override
        public void onError(Throwable failure) {
            signals.add(Signal.ENDED);
        }

        @Override
        public void onCompleted() {
            signals.add(Signal.ENDED);
        }

        void cancel() {
            ClientCallStreamObserver<WatchRequest> open = requests;
            if (open != null) {
                open.cancel("the watch ended", null);
            }
        }
    }

    @Override
    public String toString() {
        return "Watch on " + dcs.start().toStringUtf8() + (closed ? ", closed" : "");
    }

    /** Ends it. Safe to call twice. */
    @Override
    public void close() {
        closed = true;
        running.ifPresent(future -> future.cancel(true));
    }
}
