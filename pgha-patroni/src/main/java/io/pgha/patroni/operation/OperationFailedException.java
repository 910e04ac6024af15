package io.pgha.patroni.operation;

import io.pgha.Problem;
import io.pgha.patroni.PatroniException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Reports that Patroni did not do what it was asked, on one member or more. Code {@code patroni.operation-failed}. What
 * was done on others stays done: {@link #members()} tells. Immutable and thread-safe.
 */
public class OperationFailedException extends PatroniException {
    private static final long serialVersionUID = 1L;

    private final ArrayList<MemberResult> members;

    /**
     * Creates the exception.
     *
     * @param problem what is wrong and what to do
     * @param members how it ended on each member; empty where it is for the whole cluster
     */
    public OperationFailedException(Problem problem, List<MemberResult> members) {
        super(problem, null);
        this.members = new ArrayList<>(members);
    }

    /**
     * Returns how it ended on each member.
     *
     * @return in the order in which they were asked; empty where the operation was one for the whole cluster
     */
    public List<MemberResult> members() {
        return Collections.unmodifiableList(members);
    }
}
