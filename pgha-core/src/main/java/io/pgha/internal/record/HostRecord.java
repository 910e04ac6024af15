package io.pgha.internal.record;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * One host's file: what its cluster is, and what was wanted of it last. Immutable and thread-safe; no secret is in it.
 *
 * @param format the version of this form; one that is higher than {@link #FORMAT} is not understood
 * @param cluster the cluster's random id, made by its first run
 * @param machine the machine that this was written on
 * @param generation how many runs have begun on the cluster
 * @param applied the configuration that was last applied to its end, as YAML; empty before the first such run
 * @param target the configuration of a run that has begun and not ended well, as YAML; empty after one that has
 * @param intent the operation that is under way; none is known yet
 * @param runs the last runs, the latest at the end
 * @param manifest what pgha has made on this host; not kept yet
 */
record HostRecord(
        int format,
        String cluster,
        String machine,
        long generation,
        Optional<String> applied,
        Optional<String> target,
        Optional<String> intent,
        List<PastRun> runs,
        List<String> manifest) {
    static final int FORMAT = 1;
    private static final int RUNS_KEPT = 20;

    /**
     * A run, in a few words each. Immutable.
     *
     * @param who the operator and the process
     * @param when when it began, by the operator's clock
     * @param what what it did
     * @param result {@code begun}, {@code done}, or how it failed
     */
    record PastRun(String who, String when, String what, String result) {
        private Map<String, Object> tree() {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("who", who);
            tree.put("when", when);
            tree.put("what", what);
            tree.put("result", result);
            return tree;
        }

        private static PastRun of(Object run) {
            if (!(run instanceof Map<?, ?> tree)) {
                throw new IllegalArgumentException("a run in it is no mapping");
            }
            return new PastRun(text(tree, "who"), text(tree, "when"), text(tree, "what"), text(tree, "result"));
        }
    }

    /** Returns what was applied and what was begun. */
    List<String> configs() {
        return Stream.concat(applied.stream(), target.stream()).toList();
    }

    /** Returns whether the last run has ended well. */
    boolean settled() {
        return applied.isPresent() && target.isEmpty();
    }

    /** Returns the record with another run at its end, the oldest gone where there are more than are kept. */
    HostRecord with(PastRun run) {
        List<PastRun> all = new ArrayList<>(runs);
        all.add(run);
        return withRuns(all.subList(Math.max(0, all.size() - RUNS_KEPT), all.size()));
    }

    /** Returns the record in which the last run has come to its result. */
    HostRecord ended(String result) {
        List<PastRun> all = new ArrayList<>(runs);
        PastRun last = all.remove(all.size() - 1);
        all.add(new PastRun(last.who, last.when, last.what, result));
        return withRuns(all);
    }

    private HostRecord withRuns(List<PastRun> all) {
        return new HostRecord(
                format, cluster, machine, generation, applied, target, intent, List.copyOf(all), manifest);
    }

    /** Returns the record in which what was wanted is there. */
    HostRecord reached() {
        return new HostRecord(format, cluster, machine, generation, target, Optional.empty(), intent, runs, manifest);
    }

    String text() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("format", format);
        tree.put("cluster", cluster);
        tree.put("machine", machine);
        tree.put("generation", generation);
        intent.ifPresent(it -> tree.put("intent", it));
        applied.ifPresent(it -> tree.put("applied", it));
        target.ifPresent(it -> tree.put("target", it));
        tree.put("runs", runs.stream().map(PastRun::tree).toList());
        tree.put("manifest", manifest);
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setSplitLines(false);
        return "# Written by pgha: what this cluster is, and what was last wanted of it. Plans compare with it.\n"
                + new Yaml(options).dump(tree);
    }

    /**
     * Reads a file. Of a newer format no more than that is looked at.
     *
     * @throws IllegalArgumentException when it is none
     */
    static HostRecord parse(String text) {
        try {
            if (!(new Yaml(new SafeConstructor(new LoaderOptions())).load(text) instanceof Map<?, ?> tree)) {
                throw new IllegalArgumentException("it is no mapping");
            }
            int format = Integer.parseInt(text(tree, "format"));
            if (format > FORMAT) {
                return new HostRecord(
                        format, "", "", 0, Optional.empty(), Optional.empty(), Optional.empty(), List.of(), List.of());
            }
            return new HostRecord(
                    format,
                    text(tree, "cluster"),
                    text(tree, "machine"),
                    Long.parseLong(text(tree, "generation")),
                    optional(tree, "applied"),
                    optional(tree, "target"),
                    optional(tree, "intent"),
                    list(tree, "runs").stream().map(PastRun::of).toList(),
                    list(tree, "manifest").stream().map(String::valueOf).toList());
        } catch (YAMLException | ClassCastException e) {
            throw new IllegalArgumentException("it is not what pgha writes", e);
        }
    }

    private static String text(Map<?, ?> tree, String key) {
        return Objects.toString(tree.get(key), "");
    }

    private static Optional<String> optional(Map<?, ?> tree, String key) {
        return Optional.ofNullable(tree.get(key)).map(Object::toString);
    }

    private static List<?> list(Map<?, ?> tree, String key) {
        return tree.get(key) instanceof List<?> list ? list : List.of();
    }
}
