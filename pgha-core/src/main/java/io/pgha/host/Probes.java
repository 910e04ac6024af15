package io.pgha.host;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks many probes in one remote command and takes the answers apart. Stateless, thread-safe, no I/O. */
public final class Probes {
    private static final char MARK = '\u001e';

    private Probes() {}

    /**
     * Returns one command that asks all probes.
     *
     * @param probes what to ask
     * @return the command; {@link #answers} understands its output
     */
    public static Command command(List<Probe> probes) {
        return Command.sh(script(probes));
    }

    /**
     * Returns the script that asks all probes, to stand alone or behind other commands. What several probes ask in the
     * same words is asked once, and so is a program that answers several of them.
     *
     * @param probes what to ask
     * @return POSIX {@code sh} source
     */
    public static String script(List<Probe> probes) {
        return new ProbeScript(probes).text();
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
        Map<String, String> printed = new HashMap<>();
        for (int at = 1; at + 2 < parts.length; at += 2) {
            printed.put(parts[at], parts[at + 1]);
        }
        List<String> programs = ProbeScript.programs(probes);
        Map<String, String> answers = new LinkedHashMap<>();
        for (int i = 0; i < probes.size(); i++) {
            Probe probe = probes.get(i);
            String own = printed.get(ProbeScript.ofProbe(i));
            if (own == null && probe.reading().isPresent()) {
                own = probe.reading()
                        .get()
                        .apply(probe.batches().stream()
                                .map(batch -> whole(
                                        probe, printed.get(ProbeScript.ofProgram(programs.indexOf(batch.program())))))
                                .toList());
            }
            answers.put(probe.id(), whole(probe, own).stripTrailing());
        }
        return answers;
    }

    private static String whole(Probe probe, @Nullable String printed) {
        if (printed == null) {
            throw new IllegalStateException("The answer to probe " + probe.id() + " is missing or cut short");
        }
        return printed;
    }
}
