package io.pgha.examples.bench;

import io.pgha.patroni.Patroni;
import io.pgha.patroni.PatroniClientOptions;
import io.pgha.patroni.PatroniFleet;
import io.pgha.patroni.view.FleetView;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Prints what the library costs: {@code view}, one view against a bare request of the JDK's client; {@code fleet},
 * views of up to a thousand clusters; {@code issuing}, certificates against openssl; {@code patronictl}, the members of
 * the quickstart's cluster against {@code patronictl list}; {@code plan}, its empty plan against that of another
 * commit. Without a word: all that needs no cluster.
 */
public final class Bench {
    private static final List<Integer> FLEETS = List.of(125, 250, 500, 1000);

    private Bench() {}

    /**
     * Measures and prints.
     *
     * @param args what to measure
     * @throws Exception when a server or a client fails
     */
    public static void main(String[] args) throws Exception {
        List<String> what = args.length == 0 ? List.of("view", "fleet", "issuing") : List.of(args);
        for (String one : what) {
            switch (one) {
                case "view" -> ViewBench.measure();
                case "fleet" -> fleet();
                case "issuing" -> IssuingBench.measure();
                case "patronictl" -> ListBench.measure();
                case "plan" -> PlanBench.measure();
                default ->
                    throw new IllegalArgumentException(
                            "usage: bench [view] [fleet] [issuing] [patronictl] [plan --against COMMIT], not " + one);
            }
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
                .filter(thread -> thread.getName().startsWith("pgha-patroni-")
                        || (thread.getThreadGroup() != null
                                && thread.getThreadGroup().getName().startsWith("pgha-patroni-")))
                .count();
    }

    private static long heap() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
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
