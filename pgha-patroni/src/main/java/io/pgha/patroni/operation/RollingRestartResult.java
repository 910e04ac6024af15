package io.pgha.patroni.operation;

import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.view.ClusterView;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a rolling restart did. Immutable.
 *
 * @param members how it went, in the order in which members were restarted; a replica that needed a second restart is
 *     there twice
 * @param explanation why in this order
 * @param view the cluster as it was last seen
 * @param overridden why it was asked for although maintenance was closed; empty where no override was needed
 */
public record RollingRestartResult(
        List<MemberResult> members, String explanation, ClusterView view, Optional<String> overridden) {

    /**
     * Copies the list.
     *
     * @param members how it went
     * @param explanation why in this order
     * @param view the cluster as it was last seen
     * @param overridden why closed times were not respected
     */
    public RollingRestartResult {
        members = List.copyOf(members);
    }

    /** Returns one line of summary, the explanation, and a line for each restart. */
    @Override
    public String toString() {
        long done = members.stream()
                .filter(member -> member.outcome() == MemberOutcome.DONE)
                .count();
        return "Rolling restart: " + done + (done == 1 ? " restart" : " restarts") + "\n" + explanation
                + members.stream().map(member -> "\n" + member).collect(Collectors.joining())
                + overridden.map(Text::overridden).orElse("");
    }
}
