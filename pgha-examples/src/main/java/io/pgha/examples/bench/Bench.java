package io.pgha.examples.bench;

import io.pgha.examples.lab.LocalLab;
import io.pgha.patroni.FleetView;
import io.pgha.patroni.Patroni;
import io.pgha.patroni.PatroniClient;
import io.pgha.patroni.PatroniClientOptions;
import io.pgha.patroni.PatroniFleet;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Prints what the client of Patroni costs: {@code view}, one view against a bare request of the JDK's client; {@code fleet}, views of
 * up to a thousand clusters; {@code patronictl}, the whole process on a host of a lab that is up. Without a word: the first two.
 */
public final class Bench {
    private static final int WARM_UP = 2000;
    private static final int ROUNDS = 40;
    private static final int PER_ROUND = 100;
    private static final List<Integer> FLEETS = List.of(125, 250, 500, 1000);

    private Bench() {}

    /**
     * Measures and prints.
     *
     * @param args what to measure
     * @throws Exception when a server or a client fails
     */
    public static void main(String[] args) throws Exception {
        List<String> what = args.length == 0 ? List.of("view", "fleet") : List.of(args);
        for (String one : what) {
            switch (one) {
                case "view" -> view();
                case "fleet" -> fleet();
                case "patronictl" -> patronictl();
                default -> throw new IllegalArgumentException("usage: Bench [view] [fleet] [patronictl], not " + one);
            }
        }
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    /** Both take turns, round by round, so that whatever else the machine does hits both. */
    private static void view() throws IOException, InterruptedException {
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        try (PatroniServers servers = new PatroniServers(1);
                PatroniClient patroni = Patroni.client(c -> endpoint(c, servers, 0))) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(servers.url(0) + "/cluster"))
                    .build();
            Work bare = () -> {
                String body =
                        http.send(request, HttpResponse.BodyHandlers.ofString()).body();
                if (!body.contains("postgres-03")) {
                    throw new IllegalStateException("not the answer: " + body);
                }
            };
            Work view = () -> {
                if (patroni.view().members().size() != 3) {
                    throw new IllegalStateException("not the view");
                }
            };
            micros(bare, WARM_UP);
            micros(view, WARM_UP);
            double[] bares = new double[ROUNDS];
            double[] views = new double[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                bares[round] = micros(bare, PER_ROUND);
                views[round] = micros(view, PER_ROUND);
            }
            double bareMedian = median(bares);
            double viewMedian = median(views);
            print("One view, median of %d rounds of %d calls, loopback without TLS", ROUNDS, PER_ROUND);
            print("  bare GET /cluster   %8.0f us", bareMedian);
            print("  PatroniClient.view  %8.0f us   %.2f times the bare request", viewMedian, viewMedian / bareMedian);
        }
    }

    private static void fleet() throws IOException, InterruptedException {
        print("Views of whole fleets, three members a cluster, servers in the same process");
        print("  clusters   first call      again   per cluster   client threads   heap of the clients");
        for (int clusters : FLEETS) {
            try (PatroniServers servers = new PatroniServers(clusters)) {
                long before = heap();
                try (PatroniFleet fleet = Patroni.fleet(f -> {
                    for (int c = 0; c < clusters; c++) {
                        int number = c;
                        f.cluster("cluster-" + number, o -> endpoint(o, servers, number));
                    }
                    return f;
                })) {
                    double first = seconds(fleet, clusters);
                    double[] again = new double[5];
                    for (int i = 0; i < again.length; i++) {
                        again[i] = seconds(fleet, clusters);
                    }
                    long threads = clientThreads();
                    print(
                            "  %8d   %8.2f s   %6.2f s   %8.0f us   %14d   %16.1f MB",
                            clusters,
                            first,
                            median(again),
                            median(again) * 1e6 / clusters,
                            threads,
                            (heap() - before) / 1024.0 / 1024.0);
                }
            }
        }
    }

    private static PatroniClientOptions.Builder endpoint(
            PatroniClientOptions.Builder options, PatroniServers servers, int cluster) {
        try {
            return options.endpoint(servers.url(cluster));
        } catch (IOException e) {
            throw new IllegalStateException("A server has no address", e);
        }
    }

    private static double seconds(PatroniFleet fleet, int clusters) throws InterruptedException {
        long began = System.nanoTime();
        List<FleetView> views = fleet.views();
        double took = (System.nanoTime() - began) / 1e9;
        List<FleetView> unseen =
                views.stream().filter(view -> view.view().isEmpty()).toList();
        if (views.size() != clusters || !unseen.isEmpty()) {
            throw new IllegalStateException("not all clusters were seen: " + unseen);
        }
        return took;
    }

    private static long clientThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getThreadGroup() != null
                        && thread.getThreadGroup().getName().startsWith("pgha-patroni-"))
                .count();
    }

    private static long heap() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    private static void patronictl() throws InterruptedException {
        LocalLab lab = LocalLab.attach()
                .orElseThrow(() -> new IllegalStateException("no lab is up: pgha-examples/quickstart starts one"));
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String text = lab.host("postgres-01")
                    .exec("began=$(date +%s%N); patronictl -c /etc/patroni/patroni.yaml list -f json >/dev/null"
                            + " && echo $(( $(date +%s%N) - began ))")
                    .text();
            times.add(Long.parseLong(text) / 1e6);
        }
        print(
                "patronictl list, the whole process on a member's host: median of 5: %.0f ms",
                median(times.stream().mapToDouble(Double::doubleValue).toArray()));
    }

    private static double micros(Work work, int times) throws IOException, InterruptedException {
        long began = System.nanoTime();
        for (int i = 0; i < times; i++) {
            work.run();
        }
        return (System.nanoTime() - began) / 1e3 / times;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
