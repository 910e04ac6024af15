package io.pgha.host;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a machine in memory answers. Whoever asks in the same words gets the same answer, as on a real machine; who asks
 * after the same thing in other words gets what was last left there, by whomever that has asked in the same words as he
 * did. Thread-safe.
 */
final class RehearsedAnswers {
    private final Map<String, String> chosen = new HashMap<>();
    private final Map<Question, String> byQuestion = new HashMap<>();
    private final Map<String, String> byId = new HashMap<>();
    private final Map<Question, Set<String>> askers = new HashMap<>();

    /**
     * What is asked, whoever asks. What is read out of programs' output cannot be compared, and so has nothing in
     * common.
     */
    private record Question(String script, List<Probe.Batch> batches) {
        static Optional<Question> of(Probe probe) {
            return probe.reading().isPresent()
                    ? Optional.empty()
                    : Optional.of(new Question(probe.script(), probe.batches()));
        }
    }

    /** Answers a probe, whatever its words, until it is settled. */
    synchronized void put(String probe, String answer) {
        chosen.put(probe, answer);
    }

    synchronized void putIfAbsent(String probe, String answer) {
        chosen.putIfAbsent(probe, answer);
    }

    /** Answers a probe, and all in the same words. */
    synchronized void settle(Probe probe, String answer) {
        chosen.remove(probe.id());
        byId.put(probe.id(), answer);
        Question.of(probe).ifPresent(question -> {
            byQuestion.put(question, answer);
            askers.getOrDefault(question, Set.of()).forEach(id -> byId.put(id, answer));
        });
    }

    synchronized Map<String, String> of(List<Probe> probes) {
        Map<String, String> answers = new LinkedHashMap<>();
        probes.forEach(probe -> answers.put(probe.id(), answer(probe).stripTrailing()));
        return answers;
    }

    private String answer(Probe probe) {
        Question.of(probe)
                .ifPresent(question ->
                        askers.computeIfAbsent(question, any -> new HashSet<>()).add(probe.id()));
        return Optional.ofNullable(chosen.get(probe.id()))
                .or(() -> Question.of(probe).map(byQuestion::get))
                .or(() -> Optional.ofNullable(byId.get(probe.id())))
                .orElse(probe.bare());
    }
}
