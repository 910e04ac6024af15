package io.pgha.patroni.internal.operation;

import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.operation.FailoverResult;
import io.pgha.patroni.operation.MemberResult;
import io.pgha.patroni.operation.PauseResult;
import io.pgha.patroni.operation.ReinitResult;
import io.pgha.patroni.operation.RollingRestartResult;
import io.pgha.patroni.operation.StandbyClusterResult;
import io.pgha.patroni.operation.SwitchoverResult;
import java.util.List;
import java.util.Optional;

/** Adds to results why they were asked for although maintenance was closed. Stateless. */
public final class Overridden {
    private Overridden() {}

    public static SwitchoverResult because(SwitchoverResult result, String reason) {
        return copy(result).overridden(reason).build();
    }

    public static FailoverResult because(FailoverResult result, String reason) {
        return new FailoverResult(
                result.outcome(),
                result.from(),
                result.to(),
                result.duration(),
                result.explanation(),
                result.view(),
                Optional.of(reason));
    }

    public static ReinitResult because(ReinitResult result, String reason) {
        return new ReinitResult(
                result.member(),
                result.replicates(),
                result.duration(),
                result.explanation(),
                result.view(),
                Optional.of(reason));
    }

    public static RollingRestartResult because(RollingRestartResult result, String reason) {
        return new RollingRestartResult(result.members(), result.explanation(), result.view(), Optional.of(reason));
    }

    public static StandbyClusterResult because(StandbyClusterResult result, String reason) {
        return new StandbyClusterResult(
                result.changed(),
                result.leader(),
                result.duration(),
                result.explanation(),
                result.view(),
                Optional.of(reason));
    }

    public static PauseResult because(PauseResult result, String reason) {
        return new PauseResult(
                result.changed(), result.recognized(), result.silent(), result.explanation(), Optional.of(reason));
    }

    public static List<MemberResult> because(List<MemberResult> results, String reason) {
        return results.stream().map(result -> because(result, reason)).toList();
    }

    private static MemberResult because(MemberResult result, String reason) {
        String said = result.explanation();
        return new MemberResult(
                result.member(),
                result.outcome(),
                said + (said.isEmpty() ? "" : "; ") + "maintenance was closed, overridden: " + Text.printable(reason),
                result.duration());
    }

    /** Returns the same with a sentence more at the beginning. */
    static SwitchoverResult explained(SwitchoverResult result, String note) {
        return copy(result)
                .explanation(Text.printable(note + " " + result.explanation()))
                .build();
    }

    private static SwitchoverResult.Builder copy(SwitchoverResult result) {
        return SwitchoverResult.builder()
                .outcome(result.outcome())
                .from(result.from())
                .to(result.to())
                .duration(result.duration())
                .formerLeaderBack(result.formerLeaderBack())
                .explanation(result.explanation())
                .overridden(result.overridden())
                .view(result.view());
    }
}
