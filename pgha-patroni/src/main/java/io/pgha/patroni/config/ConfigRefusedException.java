package io.pgha.patroni.config;

import io.pgha.Problem;
import io.pgha.patroni.PatroniException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Reports that an edit of the dynamic configuration was not sent, because Patroni would silently change or ignore part
 * of it. Code {@code patroni.config-refused}. Immutable and thread-safe.
 */
public class ConfigRefusedException extends PatroniException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /**
     * Creates the exception.
     *
     * @param problems everything that is wrong, at least one
     */
    public ConfigRefusedException(List<Problem> problems) {
        super(
                Problem.of(
                        PatroniException.CONFIG_REFUSED,
                        "The configuration was not changed: "
                                + problems.stream().map(Problem::message).collect(Collectors.joining("; ")),
                        problems.stream().map(Problem::remedy).distinct().collect(Collectors.joining(" "))),
                null);
        this.problems = List.copyOf(new ArrayList<>(problems));
    }

    /**
     * Returns everything that is wrong.
     *
     * @return the problems, each with its own code and remedy
     */
    public List<Problem> problems() {
        return problems == null ? List.of(problem()) : problems;
    }
}
