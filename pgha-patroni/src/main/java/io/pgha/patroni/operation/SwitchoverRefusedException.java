package io.pgha.patroni.operation;

import io.pgha.Problem;
import io.pgha.patroni.PatroniException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reports that a switchover did not happen: Patroni or this library refused it, or Patroni tried and the leader stayed.
 * Code {@code patroni.switchover-refused}. Nothing is pending. Immutable and thread-safe.
 */
public class SwitchoverRefusedException extends PatroniException {
    private static final long serialVersionUID = 1L;

    private final LinkedHashMap<String, String> candidates;

    /**
     * Creates the exception.
     *
     * @param problem what is wrong and what to do
     * @param candidates for each replica what speaks against it, or that nothing does
     */
    public SwitchoverRefusedException(Problem problem, Map<String, String> candidates) {
        super(problem, null);
        this.candidates = new LinkedHashMap<>(candidates);
    }

    /**
     * Returns what speaks against each replica as a new leader.
     *
     * @return reasons by member name, in Patroni's order; empty where no candidate was at fault
     */
    public Map<String, String> candidates() {
        return Collections.unmodifiableMap(candidates);
    }
}
