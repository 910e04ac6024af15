package io.pgha.examples.bench;

import io.pgha.examples.lab.LocalLab;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * The empty plan of the quickstart's cluster by this library and by that of another commit, in turn in one process, so
 * that whatever else the machine does hits both.
 */
final class PlanBench {
    private static final int WARM_UP = 5;
    private static final int TURNS = 20;

    private PlanBench() {}

    static void measure() throws Exception {
        String against = System.getProperty("pgha.against", "");
        if (against.isEmpty()) {
            throw new IllegalArgumentException("usage: bench plan --against COMMIT");
        }
        LocalLab lab = LocalLab.attach()
                .orElseThrow(() -> new IllegalStateException(
                        "There is no cluster to plan. To fix: pgha-examples/quickstart, which leaves one up."));
        String own = System.getProperty("java.class.path");
        try (URLClassLoader here = loader(own);
                URLClassLoader there = loader(against + ":" + own);
                AutoCloseable ours = times(here, lab);
                AutoCloseable theirs = times(there, lab)) {
            double[] now = new double[TURNS];
            double[] before = new double[TURNS];
            for (int turn = -WARM_UP; turn < TURNS; turn++) {
                double one = millis(theirs);
                double other = millis(ours);
                if (turn >= 0) {
                    before[turn] = one;
                    now[turn] = other;
                }
            }
            Arrays.sort(now);
            Arrays.sort(before);
            System.out.println(String.format(
                    Locale.ROOT,
                    "The empty plan on %s, %d times each in turn, median (least to most): %.0f ms (%.0f to %.0f), before %.0f ms"
                            + " (%.0f to %.0f): %.2f x",
                    lab.release().codename(),
                    TURNS,
                    now[TURNS / 2],
                    now[0],
                    now[TURNS - 1],
                    before[TURNS / 2],
                    before[0],
                    before[TURNS - 1],
                    now[TURNS / 2] / before[TURNS / 2]));
        }
    }

    private static double millis(Object times) throws Exception {
        return ((Number) ((Callable<?>) times).call()).longValue() / 1e6;
    }

    /** What stands first in a class path is found first. */
    private static URLClassLoader loader(String classPath) throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (String entry : classPath.split(":", -1)) {
            urls.add(Path.of(entry).toAbsolutePath().toUri().toURL());
        }
        return new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
    }

    private static AutoCloseable times(ClassLoader loader, LocalLab lab) throws ReflectiveOperationException {
        return (AutoCloseable) loader.loadClass(PlanTimes.class.getName())
                .getConstructor(Path.class, Path.class)
                .newInstance(lab.privateKey(), lab.knownHosts());
    }
}
