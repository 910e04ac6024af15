package io.pgha.patroni.internal.component;

import io.pgha.host.Probe;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.patroni.internal.layout.PatroniLayout;
import io.pgha.patroni.internal.protocol.ClusterDocument;
import io.pgha.patroni.internal.text.BadAnswerException;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberView;
import java.util.Optional;

/**
 * What a member says of its cluster ({@code GET /cluster}), as its own host is asked. Immutable.
 *
 * @param view the members
 */
record ClusterSnapshot(ClusterView view) {

    /** Returns the question, to a node's own Patroni. */
    static Probe probe(ClusterConfig config, Node node) {
        return probe(config, node, "000");
    }

    /** Returns the same question for a wait, which ends at once in a rehearsal: nothing that could answer ever starts there. */
    static Probe awaited(ClusterConfig config, Node node) {
        return probe(
                config,
                node,
                "200\n{\"members\": [{\"name\": \"" + node.name()
                        + "\", \"role\": \"leader\", \"state\": \"running\"}]}");
    }

    private static Probe probe(ClusterConfig config, Node node, String bare) {
        return new Probe("patroni:cluster", PatroniLayout.get(config, node, "/cluster"), bare);
    }

    /** Understands an answer; empty where there is none or where it is not a cluster. */
    static Optional<ClusterSnapshot> parse(String answer) {
        if (!answer.startsWith("200\n")) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ClusterSnapshot(
                    ClusterDocument.read(answer.substring(4)).build()));
        } catch (BadAnswerException e) {
            return Optional.empty();
        }
    }

    boolean paused() {
        return view.paused();
    }

    Optional<String> leader() {
        return view.leader().map(MemberView::name);
    }

    /** Whether there is a leader whose PostgreSQL is up. */
    boolean led() {
        return view.leader().filter(ClusterSnapshot::up).isPresent();
    }

    /** Whether another member follows the leader closely on its timeline, so that it could take over at once. */
    boolean hasCandidateBeside(String name, long maximumLag) {
        Optional<MemberView> leader = view.leader();
        return leader.isPresent()
                && view.replicas().stream()
                        .filter(replica -> !replica.name().equals(name) && up(replica))
                        .filter(replica ->
                                replica.timeline().equals(leader.get().timeline()))
                        .anyMatch(replica ->
                                replica.lag().isPresent() && replica.lag().getAsLong() <= maximumLag);
    }

    /** A replica is {@code streaming} from Patroni 3.0.4 on. */
    private static boolean up(MemberView member) {
        return member.state().equals("running") || member.state().equals("streaming");
    }
}
