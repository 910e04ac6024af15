package io.pgha.host;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks many probes in one remote command and takes the answers apart. Stateless, thread-safe, no I/O.
 */
public final class Probes {
    private static final char MARK = '\u001e';

    private Probes() {}

    /**
     * Returns one command that asks all probes.
     *
     * @param probes what to ask, in this order
     * @return the command; {@link #answers} understands its output
     */
    public static Command command(List<Probe> probes) {
        return Command.builder().script(script(probes)).probes(probes).build();
    }

    /**
     * Returns the script that asks all probes, to stand alone or behind other commands. What several probes ask in the same
     * words is asked once.
     *
     * @param probes what to ask, in this order
     * @return POSIX {@code sh} source
     */
    public static String script(List<Probe> probes) {
        StringBuilder script = new StringBuilder("LC_ALL=C; export LC_ALL\n");
        List<String> scripts = probes.stream().map(Probe::script).toList();
        for (int i = 0; i < probes.size(); i++) {
            int first = scripts.indexOf(scripts.get(i));
            script.append("printf '\\036%s\\036' ").append(i).append('\n');
            if (first < i) {
                script.append("printf '%s\\n' \"$pgha_").append(first).append("\"\n");
            } else if (scripts.lastIndexOf(scripts.get(i)) > i) {
                script.append("pgha_").append(i).append("=$(\n");
                append(script, scripts.get(i))
                        .append(")\nprintf '%s\\n' \"$pgha_")
                        .append(i)
                        .append("\"\n");
            } else {
                append(script, scripts.get(i));
            }
        }
        return script.append("printf '\\036end\\036'\n").toString();
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
        List<String> parts = new ArrayList<>(List.of(stdout.split(String.valueOf(MARK), -1)));
        Map<String, String> answers = new LinkedHashMap<>();
        for (int i = 0; i < probes.size(); i++) {
            int at = 1 + 2 * i;
            if (at + 2 >= parts.size() || !parts.get(at).equals(String.valueOf(i))) {
                throw new IllegalStateException(
                        "The answer to probe " + probes.get(i).id() + " is missing or cut short");
            }
            answers.put(probes.get(i).id(), parts.get(at + 1).stripTrailing());
        }
        return answers;
    }
}
