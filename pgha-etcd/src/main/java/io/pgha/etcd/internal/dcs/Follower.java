package io.pgha.etcd.internal.dcs;

import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.pgha.etcd.DcsView;
import io.pgha.etcd.EtcdException;
import io.pgha.etcd.internal.rpc.Rpc;
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

/** Follows what Patroni keeps in etcd and tells it after each change. Thread-safe; ends when it is closed. */
public final class Follower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
    private static final long PAUSE_MILLIS = 500;

    private final DcsKeys keys;
    private final Rpc rpc;
    private final Consumer<DcsView> listener;
    private volatile Optional<CompletableFuture<Void>> running = Optional.empty();
    private volatile boolean closed;
    private Optional<DcsView> told = Optional.empty();

    Follower(DcsKeys keys, Rpc rpc, Consumer<DcsView> listener) {
        this.keys = keys;
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
                LOG.debug("A watch on {} is taken up again", keys.start().toStringUtf8(), e);
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        }
        throw new InterruptedException("the watch was closed");
    }

    /** Reads and tells, unless it is what was told last; returns the revision that was read. */
    private long tell() throws InterruptedException {
        DcsView view = keys.view();
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
                                .setKey(keys.start())
                                .setRangeEnd(keys.end())
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
        return "Watch on " + keys.start().toStringUtf8() + (closed ? ", closed" : "");
    }

    @Override
    public void close() {
        closed = true;
        running.ifPresent(future -> future.cancel(true));
    }
}
