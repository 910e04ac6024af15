package io.pgha.patroni;

import io.pgha.Given;
import io.pgha.Problem;
import io.pgha.client.Async;
import io.pgha.model.InvalidConfigException;
import io.pgha.patroni.internal.protocol.Timing;
import io.pgha.patroni.internal.rest.Engine;
import io.pgha.patroni.internal.rest.Rest;
import io.pgha.patroni.internal.rest.SharedHttp;
import io.pgha.patroni.internal.rest.Threads;
import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.view.FleetView;
import io.pgha.text.Count;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;

/**
 * The clients of many clusters on a few threads: a thousand clusters cost no more threads than one.
 *
 * <p>Defaults: 32 clusters are looked at at the same time. Thread-safe. Opened with {@link Patroni#fleet};
 * {@link #close()} closes all its clients.
 */
public final class PatroniFleet implements AutoCloseable {
    private final Threads threads;
    private final Async async;
    private final Map<String, PatroniClient> clients = new LinkedHashMap<>();
    private volatile boolean closed;

    PatroniFleet(Builder builder) {
        this.threads = new Threads(builder.parallel);
        // On a thread of the pool's a look at all would wait for the others of the pool.
        this.async = new Async(task -> threads.thread("fleet", task).start(), Rest::closedException);
        Duration connectTimeout = builder.clusters.values().stream()
                .findFirst()
                .map(PatroniClientOptions::connectTimeout)
                .orElseThrow(() -> invalid("A fleet needs a cluster", "Give one: .cluster(name, c -> …)."));
        Engine engine = Engine.of(threads, new SharedHttp(threads, connectTimeout));
        Backing nothing = new Backing(Optional.empty(), Optional.empty(), Optional.empty(), () -> {});
        builder.clusters.forEach(
                (name, options) -> clients.put(name, new PatroniClient(options, Timing.REAL, nothing, engine)));
    }

    /**
     * Returns the clusters' names.
     *
     * @return the names in the order in which they were given
     */
    public Set<String> clusters() {
        return java.util.Collections.unmodifiableSet(clients.keySet());
    }

    /**
     * Returns the client of one cluster.
     *
     * @param cluster the name that it was given
     * @return the client; it may be closed alone, or is closed with the fleet
     * @throws PatroniException {@code patroni.no-such-cluster} where there is none of that name
     */
    public PatroniClient client(String cluster) {
        Given.value(cluster, "cluster");
        PatroniClient client = clients.get(cluster);
        if (client == null) {
            throw new PatroniException(
                    Problem.of(
                            "patroni.no-such-cluster",
                            "The fleet has no cluster " + Text.printable(cluster),
                            "choose among " + Text.excerpt(String.join(", ", clients.keySet())) + "."),
                    null);
        }
        return client;
    }

    /**
     * Looks at all clusters at the same time. Does network I/O and blocks; no cluster takes longer than its
     * {@link PatroniClientOptions#requestTimeout()}, and one that cannot be seen keeps no other from being seen.
     *
     * @return for each cluster its view, or why there is none, in the order in which they were given
     * @throws PatroniException {@code patroni.closed} when the fleet is closed
     * @throws InterruptedException when the thread is interrupted; what was begun is given up
     */
    public List<FleetView> views() throws InterruptedException {
        List<Future<FleetView>> running = new ArrayList<>();
        try {
            for (Map.Entry<String, PatroniClient> entry : clients.entrySet()) {
                Callable<FleetView> look = () -> look(entry.getKey(), entry.getValue());
                running.add(threads.operations().submit(look));
            }
            checkOpen();
            List<FleetView> views = new ArrayList<>();
            for (Future<FleetView> one : running) {
                views.add(one.get());
            }
            checkOpen();
            return views;
        } catch (ExecutionException e) {
            checkOpen();
            throw new IllegalStateException("A look that fails is a view, too", e);
        } catch (java.util.concurrent.CancellationException e) {
            throw Rest.closedException();
        } finally {
            running.forEach(one -> one.cancel(true));
        }
    }

    /**
     * Looks at all clusters, later; the twin of {@link #views()}.
     *
     * @return completes with the views, or with the exception that {@link #views()} would throw
     */
    public CompletableFuture<List<FleetView>> viewsAsync() {
        return async.call(this::views);
    }

    private static FleetView look(String name, PatroniClient client) throws InterruptedException {
        try {
            return new FleetView(name, Optional.of(client.view()), Optional.empty());
        } catch (PatroniException e) {
            return new FleetView(name, Optional.empty(), Optional.of(e));
        }
    }

    private void checkOpen() {
        if (closed) {
            throw Rest.closedException();
        }
    }

    /** Closes all clients and ends all threads. Safe to call twice. */
    @Override
    public void close() {
        closed = true;
        async.close();
        clients.values().forEach(PatroniClient::close);
        threads.close();
    }

    @Override
    public String toString() {
        return "Fleet of " + Count.of(clients.size(), "cluster") + (closed ? ", closed" : "");
    }

    private static InvalidConfigException invalid(String message, String remedy) {
        return new InvalidConfigException(List.of(Problem.of("patroni.fleet", message, remedy)));
    }

    /** Collects the clusters of a fleet. Confined to one thread. */
    public static final class Builder {
        private static final int PARALLEL = 32;

        private final Map<String, PatroniClientOptions> clusters = new LinkedHashMap<>();
        private int parallel = PARALLEL;

        Builder() {}

        /**
         * Adds a cluster.
         *
         * @param name how the fleet calls it; any text, each once
         * @param options sets at least one endpoint
         * @return this builder
         * @throws InvalidConfigException when the options are not valid, or the name is taken
         */
        public Builder cluster(String name, UnaryOperator<PatroniClientOptions.Builder> options) {
            Given.value(name, "name");
            PatroniClientOptions built = Given.completed(PatroniClientOptions.builder(), options, "options")
                    .build();
            if (clusters.putIfAbsent(name, built) != null) {
                throw invalid(
                        "The fleet has the cluster " + Text.printable(name) + " twice", "Give each its own name.");
            }
            return this;
        }

        /**
         * Sets how many clusters are looked at at the same time.
         *
         * @param clusters the number, 32 by default; each takes a thread while it is looked at
         * @return this builder
         * @throws InvalidConfigException when it is not positive
         */
        public Builder parallel(int clusters) {
            if (clusters <= 0) {
                throw invalid("A fleet looks at one cluster at a time at least", "Give a positive number.");
            }
            parallel = clusters;
            return this;
        }
    }
}
