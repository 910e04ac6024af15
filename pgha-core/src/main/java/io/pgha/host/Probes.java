package io.pgha.host;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Asks many probes in one remote command and takes the answers apart. Stateless, thread-safe, no I/O.
 */
public final class Probes {
    /** Enough to overlap the waiting, few enough for a small machine. */
    private static final int LANES = 8;

    private static final char MARK = '\u001e';

    private Probes() {}

    /**
     * Returns one command that asks all probes.
     *
     * @param probes what to ask
     * @return the command; {@link #answers} understands its output
     */
    public static Command command(List<Probe> probes) {
        return Command.builder().script(script(probes)).probes(probes).build();
    }

    /**
     * Returns the script that asks all probes, to stand alone or behind other commands. What several probes ask in the same
     * words is asked once, and so is a program that answers several of them. Probes wait for answers of daemons most of their
     * time, so several are asked at once: they are dealt to lanes, each of which asks its own one after the other. The lanes are a
     * pipeline, through which nothing flows: that it ends tells each lane that those before it have printed what they know.
     *
     * @param probes what to ask
     * @return POSIX {@code sh} source
     */
    public static String script(List<Probe> probes) {
        List<Probe.Batch> batches = batches(probes);
        List<StringBuilder> lanes =
                lanes(probes, batches.stream().map(Probe.Batch::program).toList());
        StringBuilder script = new StringBuilder("LC_ALL=C; export LC_ALL\n");
        for (int i = 0; i < batches.size(); i++) {
            script.append("pgha_batch_")
                    .append(i)
                    .append('=')
                    .append(batches.get(i).answer())
                    .append('\n');
        }
        script.append("{ { {\n").append(lanes.get(0)).append("} >&3\n");
        for (StringBuilder lane : lanes.subList(1, lanes.size())) {
            script.append("} | {\npgha_lane=$(\n")
                    .append(lane)
                    .append(")\nread -r pgha_before\nprintf %s \"$pgha_lane\" >&3\n");
        }
        return script.append("}\n} 3>&1\nprintf '\\036end\\036'\n").toString();
    }

    /** One of each program, with the arguments of all that share it. */
    private static List<Probe.Batch> batches(List<Probe> probes) {
        Map<String, Set<String>> arguments = new LinkedHashMap<>();
        probes.stream()
                .flatMap(probe -> probe.batch().stream())
                .forEach(batch -> arguments
                        .computeIfAbsent(batch.program(), program -> new LinkedHashSet<>())
                        .addAll(batch.arguments()));
        return arguments.entrySet().stream()
                .map(entry -> new Probe.Batch(entry.getKey(), List.copyOf(entry.getValue())))
                .toList();
    }

    private static String script(Probe probe, List<String> programs) {
        return probe.batch()
                .map(batch -> "batch=$pgha_batch_" + programs.indexOf(batch.program()) + "\n" + probe.script())
                .orElse(probe.script());
    }

    private static List<StringBuilder> lanes(List<Probe> probes, List<String> programs) {
        List<StringBuilder> lanes = new ArrayList<>();
        List<String> scripts =
                probes.stream().map(probe -> script(probe, programs)).toList();
        List<String> different = List.copyOf(new LinkedHashSet<>(scripts));
        IntStream.range(0, Math.max(1, Math.min(LANES, different.size())))
                .forEach(lane -> lanes.add(new StringBuilder(":\n")));
        for (int i = 0; i < scripts.size(); i++) {
            StringBuilder lane = lanes.get(different.indexOf(scripts.get(i)) % lanes.size());
            int first = scripts.indexOf(scripts.get(i));
            lane.append("printf '\\036%s\\036' ").append(i).append('\n');
            if (first < i) {
                lane.append("printf '%s\\n' \"$pgha_").append(first).append("\"\n");
            } else if (scripts.lastIndexOf(scripts.get(i)) > i) {
                lane.append("pgha_").append(i).append("=$(\n");
                append(lane, scripts.get(i))
                        .append(")\nprintf '%s\\n' \"$pgha_")
                        .append(i)
                        .append("\"\n");
            } else {
                append(lane, scripts.get(i));
            }
        }
        return lanes;
    }

    private static StringBuilder append(StringBuilder to, String script) {
        return to.append("(\n").append(script).append("\n) </dev/null 2>/dev/null\n");
    }

    /**
     * Returns the output that {@link #script} would print for given answers; for rehearsals.
     *
     * @param probes what was asked
     * @param answers observation by probe id; a probe without one answers what it does on a bare machine
     * @return the output
     */
    static String print(List<Probe> probes, Map<String, String> answers) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < probes.size(); i++) {
            Probe probe = probes.get(i);
            out.append(MARK).append(i).append(MARK).append(answers.getOrDefault(probe.id(), probe.bare()));
        }
        return out.append(MARK).append("end").append(MARK).toString();
    }

    /**
     * Takes the output of {@link #command} apart.
     *
     * @param probes what was asked
     * @param stdout what the machine printed; text before the first answer is ignored
     * @return observation by probe id, in the order asked
     * @throws IllegalStateException when the output is cut short
     */
    public static Map<String, String> answers(List<Probe> probes, String stdout) {
        String[] parts = stdout.split(String.valueOf(MARK), -1);
        Map<String, String> byNumber = new HashMap<>();
        for (int at = 1; at + 2 < parts.length; at += 2) {
            byNumber.put(parts[at], parts[at + 1].stripTrailing());
        }
        Map<String, String> answers = new LinkedHashMap<>();
        for (int i = 0; i < probes.size(); i++) {
            String answer = byNumber.get(String.valueOf(i));
            if (answer == null) {
                throw new IllegalStateException(
                        "The answer to probe " + probes.get(i).id() + " is missing or cut short");
            }
            answers.put(probes.get(i).id(), answer);
        }
        return answers;
    }
}
