package io.pgha.model;

import io.pgha.Given;
import io.pgha.PgHaException;
import io.pgha.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** Reports everything that is wrong with a configuration, at once. Code {@code config.invalid}. Immutable. */
public class InvalidConfigException extends PgHaException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /**
     * Creates the exception for one or more problems.
     *
     * @param problems what is wrong, each with its remedy; not empty
     */
    public InvalidConfigException(List<Problem> problems) {
        super(summary(problems), message(problems), null);
        this.problems = List.copyOf(problems);
    }

    /**
     * Creates the exception for attributes that a builder was not given; called by generated code.
     *
     * @param message what is missing
     */
    public InvalidConfigException(String message) {
        this(List.of(Problem.of("config.attribute-missing", message, missing(message))));
    }

    /**
     * Returns everything that is wrong.
     *
     * @return the problems, in the order of the configuration
     */
    public List<Problem> problems() {
        return problems;
    }

    /**
     * Throws where something is wrong.
     *
     * @param problems what is wrong, each with its remedy; may be empty
     * @throws InvalidConfigException with all of them, where there are any
     */
    public static void throwIfAny(List<Problem> problems) {
        Given.value(problems, "problems");
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
    }

    /** Turns the list that ends the message of generated code, {@code [name, address]}, into calls. */
    private static String missing(String message) {
        int open = message.lastIndexOf('[');
        int close = message.lastIndexOf(']');
        if (open < 0 || close < open) {
            return "Give the builder the attributes that it names.";
        }
        return "Call " + message.substring(open + 1, close).replace(",", "(..),") + "(..) on the builder.";
    }

    private static Problem summary(List<Problem> problems) {
        String remedies = problems.stream().map(Problem::remedy).distinct().collect(Collectors.joining(" "));
        return Problem.of("config.invalid", "The configuration is not valid", remedies);
    }

    private static String message(List<Problem> problems) {
        return problems.stream()
                .map(Problem::toString)
                .collect(Collectors.joining("\n", "The configuration has " + problems.size() + " problem(s):\n", ""));
    }
}
