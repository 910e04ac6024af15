package io.pgha.examples.bench;

import io.pgha.PgHa;
import io.pgha.examples.lab.LabHost;
import io.pgha.examples.lab.LocalLab;
import io.pgha.examples.quickstart.LabTarget;
import io.pgha.patroni.Patroni;
import io.pgha.patroni.PatroniClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The members of the quickstart's cluster: as a whole process, and in a program that runs, against {@code patronictl
 * list}.
 */
final class ListBench {
    private static final int TURNS = 15;
    private static final String PATRONICTL = """
            began=$(date +%s%N)
            patronictl list >/dev/null
            echo $(($(date +%s%N) - began))
            """;

    private ListBench() {}

    /** A whole program: opens the cluster, prints its members, ends. */
    static final class Once {
        private Once() {}

        public static void main(String[] arguments) throws InterruptedException {
            try (PgHa pgha = LabTarget.open(Path.of(arguments[0]), Path.of(arguments[1]));
                    PatroniClient patroni = Patroni.client(pgha.cluster(LabTarget.config()))) {
                System.out.println(patroni.view());
            }
        }
    }

    /** The three take turns, so that whatever else the machine does hits all. */
    static void measure() throws IOException, InterruptedException {
        double[] patronictl = new double[TURNS];
        double[] process = new double[TURNS];
        double[] view = new double[TURNS];
        LocalLab lab = LocalLab.attach()
                .orElseThrow(() -> new IllegalStateException(
                        "There is no cluster to list. To fix: pgha-examples/quickstart, which leaves one up."));
        LabHost host = lab.host("postgres-01");
        try (PgHa pgha = LabTarget.open(lab.privateKey(), lab.knownHosts());
                PatroniClient patroni = Patroni.client(pgha.cluster(LabTarget.config()))) {
            patroni.view();
            for (int turn = 0; turn < TURNS; turn++) {
                patronictl[turn] = Long.parseLong(host.exec(PATRONICTL).text()) / 1e6;
                long began = System.nanoTime();
                once(lab);
                process[turn] = (System.nanoTime() - began) / 1e6;
                began = System.nanoTime();
                patroni.view();
                view[turn] = (System.nanoTime() - began) / 1e6;
            }
        }
        System.out.println(String.format(
                Locale.ROOT,
                "The members of a cluster on %s, %d times each in turn, median (least to most)",
                lab.release().codename(),
                TURNS));
        print("patronictl list on a node", patronictl);
        print("the same from afar: JVM, SSH, TLS, view", process);
        print("PatroniClient.view in a program that runs", view);
    }

    private static void once(LocalLab lab) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Once.class.getName(),
                        lab.privateKey().toString(),
                        lab.knownHosts().toString()))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0 || !said.contains("postgres-03")) {
            throw new IllegalStateException("the program that lists the members failed: " + said);
        }
    }

    private static void print(String what, double[] millis) {
        Arrays.sort(millis);
        System.out.println(String.format(
                Locale.ROOT,
                "  %-42s %6.0f ms (%.0f to %.0f)",
                what,
                millis[millis.length / 2],
                millis[0],
                millis[millis.length - 1]));
    }
}
