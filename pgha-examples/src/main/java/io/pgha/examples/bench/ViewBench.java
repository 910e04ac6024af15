package io.pgha.examples.bench;

import io.pgha.patroni.Patroni;
import io.pgha.patroni.PatroniClient;
import io.pgha.patroni.view.ClusterView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * One view against a bare {@code GET /cluster} of the JDK's client, both of the same server without TLS. Confined to
 * JMH.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ViewBench {
    private static final int TURNS = 5;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final PatroniServers servers;
    private final HttpRequest request;
    private final PatroniClient patroni;

    /** Starts the server and opens both clients. */
    public ViewBench() {
        String url;
        try {
            servers = new PatroniServers(1);
            url = servers.url(0);
        } catch (IOException e) {
            throw new UncheckedIOException("The server cannot be started", e);
        }
        request = HttpRequest.newBuilder(URI.create(url + "/cluster")).build();
        patroni = Patroni.client(c -> c.endpoint(url));
    }

    /**
     * Makes sure that both see the same.
     *
     * @throws IOException when the bare request fails
     * @throws InterruptedException when the thread is interrupted
     */
    @Setup
    public void check() throws IOException, InterruptedException {
        if (!bare().contains("postgres-03") || view().members().size() != 3) {
            throw new IllegalStateException("not the cluster of three members");
        }
    }

    /**
     * Closes the client and the server.
     *
     * @throws IOException when the server cannot be closed
     */
    @TearDown
    public void close() throws IOException {
        patroni.close();
        servers.close();
    }

    /**
     * Asks with nothing but the JDK.
     *
     * @return the answer's body
     * @throws IOException when the request fails
     * @throws InterruptedException when the thread is interrupted
     */
    @Benchmark
    public String bare() throws IOException, InterruptedException {
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    /**
     * Asks with the client of Patroni.
     *
     * @return the view
     * @throws InterruptedException when the thread is interrupted
     */
    @Benchmark
    public ClusterView view() throws InterruptedException {
        return patroni.view();
    }

    /** Both take turns, a process each time, so that whatever else the machine does hits both. */
    static void measure() throws RunnerException {
        double[] bares = new double[TURNS];
        double[] views = new double[TURNS];
        for (int turn = 0; turn < TURNS; turn++) {
            bares[turn] = micros("bare");
            views[turn] = micros("view");
        }
        Arrays.sort(bares);
        Arrays.sort(views);
        double bare = bares[TURNS / 2];
        double view = views[TURNS / 2];
        System.out.println(String.format(
                Locale.ROOT,
                "One view, JMH, median of %d processes of each in turn (least to most), loopback without TLS%n"
                        + "  bare GET /cluster   %6.0f us (%.0f to %.0f)%n"
                        + "  PatroniClient.view  %6.0f us (%.0f to %.0f)   %.2f times the bare request",
                TURNS,
                bare,
                bares[0],
                bares[TURNS - 1],
                view,
                views[0],
                views[TURNS - 1],
                view / bare));
    }

    private static double micros(String benchmark) throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(ViewBench.class.getName() + "." + benchmark + "$")
                        .forks(1)
                        .warmupIterations(3)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(4)
                        .measurementTime(TimeValue.seconds(1))
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
        return results.iterator().next().getPrimaryResult().getScore();
    }
}
