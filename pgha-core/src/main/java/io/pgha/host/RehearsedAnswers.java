package io.pgha.host;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a machine in memory answers. Whoever asks in the same words gets the same answer, as on a real machine. Thread-safe.
 */
final class RehearsedAnswers {
    private final Map<String, String> byId = new HashMap<>();
    private final Map<Question, String> byQuestion = new HashMap<>();

    /** What is asked, whoever asks. What is read out of programs' output cannot be compared, and so has nothing in common. */
    private record Question(String script, List<Probe.Batch> batches) {
        static Optional<Question> of(Probe probe) {
            return probe.reading().isPresent()
                    ? Optional.empty()
                    : Optional.of(new Question(probe.script(), probe.batches()));
        }
    }

    /** Answers a probe, whatever its words, until it is settled. */
    synchronized void put(String probe, String answer) {
        byId.put(probe, answer);
    }

    synchronized void putIfAbsent(String probe, String answer) {
        byId.putIfAbsent(probe, answer);
    }

    /** Answers a probe, and all in the same words. */
    synchronized void settle(Probe probe, String answer) {
        Optional<Question> question = Question.of(probe);
        if (question.isPresent()) {
            byId.remove(probe.id());
            byQuestion.put(question.get(), answer);
        } else {
            byId.put(probe.id(), answer);
        }
    }

    synchronized Map<String, String> of(List<Probe> probes) {
        Map<String, String> answers = new LinkedHashMap<>();
        for (Probe probe : probes) {
            String answer = byId.get(probe.id());
            if (answer == null) {
                answer = Question.of(probe).map(byQuestion::get).orElse(probe.bare());
            }
            answers.put(probe.id(), answer.stripTrailing());
        }
        return answers;
    }
}
