package io.pgha.patroni.internal.watch;

import io.pgha.patroni.PatroniException;
import io.pgha.patroni.config.DynamicConfig;
import io.pgha.patroni.internal.config.ConfigDocument;
import io.pgha.patroni.internal.protocol.ClusterReader;
import io.pgha.patroni.internal.rest.Rest;
import io.pgha.patroni.internal.rest.Threads;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.watch.ClusterEvent;
import io.pgha.patroni.watch.ClusterListener;
import io.pgha.patroni.watch.Watch;
import io.pgha.patroni.watch.WatchOptions;
import io.pgha.port.DistributedConfigStore;
import io.pgha.text.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at a cluster again and again and tells what changed. Thread-safe; one daemon thread looks and tells. */
public final class Watching implements Watch {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final Duration BREATH = Duration.ofMillis(50);

    private final Rest rest;
    private final ClusterReader reader;
    private final WatchOptions options;
    private final ClusterListener listener;
    private final CountDownLatch ending = new CountDownLatch(1);
    /** Given when the DCS says that something changed, and when the watch ends. */
    private final Semaphore news = new Semaphore(0);

    private volatile @Nullable Thread thread;
    private volatile @Nullable ClusterView view;
    private @Nullable DynamicConfig config;
    private OptionalInt timeline = OptionalInt.empty();
    private boolean unreachable;

    private Watching(Rest rest, ClusterReader reader, WatchOptions options, ClusterListener listener) {
        this.rest = rest;
        this.reader = reader;
        this.options = options;
        this.listener = listener;
    }

    public static Watching start(
            Rest rest,
            ClusterReader reader,
            Threads threads,
            Optional<DistributedConfigStore> store,
            WatchOptions options,
            ClusterListener listener) {
        rest.checkOpen();
        Watching watch = new Watching(rest, reader, options, listener);
        Thread thread = threads.thread("watch", () -> watch.run(store));
        watch.thread = thread;
        thread.start();
        return watch;
    }

    @Override
    public void close() {
        ending.countDown();
        news.release();
        Thread current = thread;
        // A listener that closes its own watch goes on undisturbed.
        if (current != null && current != Thread.currentThread()) {
            current.interrupt();
        }
    }

    @Override
    public boolean running() {
        return ending.getCount() > 0 && !rest.closed();
    }

    /** Looks at every interval, and at once when the DCS tells of a change. */
    private void run(Optional<DistributedConfigStore> store) {
        Optional<DistributedConfigStore.Subscription> changes = store.map(known -> known.watch(news::release));
        try {
            while (running()) {
                look();
                if (news.tryAcquire(options.interval().toNanos(), TimeUnit.NANOSECONDS)) {
                    // What belongs together is written within a moment, and told at once.
                    ending.await(BREATH.toNanos(), TimeUnit.NANOSECONDS);
                    news.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            // The end of a watch, or of its client, interrupts it.
        } finally {
            changes.ifPresent(DistributedConfigStore.Subscription::close);
            ending.countDown();
        }
    }

    private void look() throws InterruptedException {
        ClusterView now;
        DynamicConfig configNow;
        try {
            now = reader.view();
            configNow = config();
        } catch (PatroniException e) {
            if (!rest.closed() && !unreachable) {
                unreachable = true;
                tell(new ClusterEvent.Unreachable(Instant.now(), e));
            }
            return;
        }
        if (unreachable) {
            unreachable = false;
            tell(new ClusterEvent.ReachableAgain(Instant.now(), now));
        }
        ClusterView before = view;
        view = now;
        if (before != null) {
            ClusterChanges.between(before, now, timeline, options.lagThresholdBytes(), Instant.now())
                    .forEach(this::tell);
        }
        if (ClusterChanges.timeline(now).isPresent()) {
            timeline = ClusterChanges.timeline(now);
        }
        DynamicConfig configBefore = config;
        if (configNow != null) {
            config = configNow;
            ClusterChanges.between(configBefore, configNow, Instant.now()).ifPresent(this::tell);
        }
    }

    /** A cluster without a configuration that can be read is none that cannot be reached. */
    private @Nullable DynamicConfig config() throws InterruptedException {
        try {
            return rest.first("/config", ConfigDocument::read, rest.oneRequest())
                    .value();
        } catch (PatroniException e) {
            if (e.code().equals(PatroniException.BAD_ANSWER)) {
                return null;
            }
            throw e;
        }
    }

    private void tell(ClusterEvent event) {
        if (ending.getCount() == 0) {
            return;
        }
        try {
            listener.on(event);
        } catch (RuntimeException | LinkageError | AssertionError e) {
            LOG.warn("A listener failed at {}", event.getClass().getSimpleName(), e);
        }
    }

    @Override
    public String toString() {
        return "Watch, every " + DurationText.of(options.interval()) + (running() ? "" : ", ended")
                + Optional.ofNullable(view).map(last -> "\n" + last).orElse("");
    }
}
