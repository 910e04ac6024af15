package io.pgha.patroni.internal.operation;

import io.pgha.Problem;
import io.pgha.patroni.OutcomeUnknownException;
import io.pgha.patroni.PatroniException;
import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.operation.MemberOutcome;
import io.pgha.patroni.operation.MemberResult;
import io.pgha.patroni.operation.OperationFailedException;
import io.pgha.run.MaintenanceClosedException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Turns how an operation ended on its members into a result or an exception. Stateless. */
final class Results {
    private Results() {}

    /** Returns how it ended on a member, with what was said in one printable line. */
    static MemberResult of(String member, MemberOutcome outcome, String explanation) {
        return of(member, outcome, explanation, Duration.ZERO);
    }

    static MemberResult of(String member, MemberOutcome outcome, String explanation, Duration duration) {
        return new MemberResult(member, outcome, Text.printable(explanation), duration);
    }

    /** Returns the results where all ended well. */
    static List<MemberResult> check(String command, List<MemberResult> results, String remedy) {
        if (results.stream().allMatch(MemberResult::well)) {
            return List.copyOf(results);
        }
        throw exception(command, results, remedy);
    }

    static PatroniException exception(String command, List<MemberResult> results, String remedy) {
        String each = results.stream().map(MemberResult::toString).collect(Collectors.joining("; "));
        boolean failed = results.stream().anyMatch(result -> result.outcome() == MemberOutcome.FAILED);
        boolean unknown = results.stream().anyMatch(result -> result.outcome() == MemberOutcome.UNKNOWN);
        if (unknown && !failed) {
            return new OutcomeUnknownException(
                    Problem.of(
                            PatroniException.OUTCOME_UNKNOWN,
                            "Whether the " + command + " was done cannot be said: " + each,
                            "look at the members (patronictl list) before asking again."),
                    null);
        }
        return new OperationFailedException(
                Problem.of(
                        PatroniException.OPERATION_FAILED,
                        "The " + command + " was not done everywhere: " + each,
                        remedy),
                results);
    }

    /** Returns the exception for an operation on several members that goes no further. */
    static OperationFailedException stopped(String command, String why, List<MemberResult> results, String remedy) {
        String each = results.stream().map(MemberResult::toString).collect(Collectors.joining("; "));
        return new OperationFailedException(
                Problem.of(
                        PatroniException.OPERATION_FAILED,
                        Text.printable("The " + command + " stopped: " + why + (each.isEmpty() ? "" : ". " + each)),
                        remedy),
                results);
    }

    /** Returns the exception for an operation on several members that began in time and met the closed time. */
    static RuntimeException closed(String command, MaintenanceClosedException closed, List<MemberResult> results) {
        if (results.stream().noneMatch(result -> result.outcome() == MemberOutcome.DONE)) {
            return closed;
        }
        String each = results.stream().map(MemberResult::toString).collect(Collectors.joining("; "));
        OperationFailedException stopped = new OperationFailedException(
                Problem.of(
                        closed.code(),
                        Text.printable("The " + command + " stopped: "
                                + closed.problem().message() + ". " + each),
                        closed.remedy()),
                results);
        stopped.addSuppressed(closed);
        return stopped;
    }

    static OperationFailedException failed(String message, String remedy) {
        return new OperationFailedException(
                Problem.of(PatroniException.OPERATION_FAILED, Text.printable(message), Text.printable(remedy)),
                List.of());
    }

    static OutcomeUnknownException unknown(String message) {
        return new OutcomeUnknownException(
                Problem.of(
                        PatroniException.OUTCOME_UNKNOWN,
                        Text.printable(message),
                        "look at the cluster (patronictl list) before asking again."),
                null);
    }
}
