package io.pgha.host;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes the script that asks probes. What is printed stands behind its name, which is between two marks. Programs that
 * probes share are run first. Scripts wait for answers of daemons most of their time, so several are asked at once:
 * they are dealt to lanes, each of which asks its own one after the other. The lanes are a pipeline, through which
 * nothing flows: that it ends tells each lane that those before it have printed what they know. Confined to one thread.
 */
final class ProbeScript {
    static final String END = "end";

    /** Enough to overlap the waiting, few enough for a small machine. */
    private static final int LANES = 8;

    private final List<Probe> probes;
    private final List<String> programs;
    private final StringBuilder text = new StringBuilder("LC_ALL=C; export LC_ALL\n");

    ProbeScript(List<Probe> probes) {
        this.probes = probes;
        this.programs = programs(probes);
    }

    /** The name of what a script has printed; in a rehearsal also of what would be read. */
    static String ofProbe(int index) {
        return String.valueOf(index);
    }

    /** The name of what a program has printed. */
    static String ofProgram(int index) {
        return "program-" + index;
    }

    /** Returns the programs of all probes, each once. */
    static List<String> programs(List<Probe> probes) {
        return probes.stream()
                .flatMap(probe -> probe.batches().stream())
                .map(Probe.Batch::program)
                .distinct()
                .toList();
    }

    String text() {
        programs.forEach(this::run);
        List<StringBuilder> lanes = lanes();
        text.append("{ { {\n").append(lanes.get(0)).append("} >&3\n");
        for (StringBuilder lane : lanes.subList(1, lanes.size())) {
            text.append("} | {\npgha_lane=$(\n")
                    .append(lane)
                    .append(")\nread -r pgha_before\nprintf %s \"$pgha_lane\" >&3\n");
        }
        return text.append("}\n} 3>&1\n").append(mark(END)).toString();
    }

    /**
     * Runs a program for all that share it, and keeps what it prints for the scripts among them, or sends it home, or
     * both.
     */
    private void run(String program) {
        List<Probe.Batch> asked = new ArrayList<>();
        boolean found = false;
        boolean read = false;
        for (Probe probe : probes) {
            for (Probe.Batch batch : probe.batches()) {
                if (batch.program().equals(program)) {
                    asked.add(batch);
                    found |= probe.reading().isEmpty();
                    read |= probe.reading().isPresent();
                }
            }
        }
        int index = programs.indexOf(program);
        String call = Probe.Batch.ofAll(asked).call();
        if (found) {
            text.append(variable(index)).append("=$(").append(call).append(")\n");
        }
        if (read) {
            text.append(mark(ofProgram(index)));
            text.append(found ? "printf %s \"$" + variable(index) + '"' : call).append('\n');
        }
    }

    /** Where the scripts find what a program has printed. */
    private static String variable(int program) {
        return "pgha_batch_" + program;
    }

    private static String mark(String name) {
        return "printf '\\036%s\\036' " + name + "\n";
    }

    private List<StringBuilder> lanes() {
        List<String> scripts = probes.stream().map(this::script).toList();
        List<String> different =
                scripts.stream().filter(script -> !script.isEmpty()).distinct().toList();
        List<StringBuilder> lanes = IntStream.range(0, Math.max(1, Math.min(LANES, different.size())))
                .mapToObj(lane -> new StringBuilder(":\n"))
                .toList();
        for (int i = 0; i < scripts.size(); i++) {
            String script = scripts.get(i);
            if (!script.isEmpty()) {
                StringBuilder lane = lanes.get(different.indexOf(script) % lanes.size());
                lane.append(mark(ofProbe(i)));
                int first = scripts.indexOf(script);
                if (first == scripts.lastIndexOf(script)) {
                    lane.append(ask(script));
                } else {
                    // What is asked in the same words again is kept for the next who asks.
                    String kept = "pgha_" + first;
                    lane.append(first == i ? kept + "=$(\n" + ask(script) + ")\n" : "");
                    lane.append("printf '%s\\n' \"$").append(kept).append("\"\n");
                }
            }
        }
        return lanes;
    }

    private static String ask(String script) {
        return "(\n" + script + "\n) </dev/null 2>/dev/null\n";
    }

    private String script(Probe probe) {
        return probe.reading().isPresent()
                ? ""
                : probe.batches().stream()
                                .map(batch -> "batch=$" + variable(programs.indexOf(batch.program())) + "\n")
                                .collect(Collectors.joining())
                        + probe.script();
    }
}
