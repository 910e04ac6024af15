package io.pgha.patroni.internal.component;

import static io.pgha.host.ShellQuote.quote;

import io.pgha.host.Probe;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.patroni.internal.layout.PatroniLayout;
import io.pgha.patroni.internal.protocol.MemberAnswer;
import io.pgha.patroni.internal.protocol.StatusDocument;
import io.pgha.patroni.internal.replication.Replication;
import io.pgha.patroni.internal.text.BadAnswerException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Asks from a member's host how its cluster replicates: its own Patroni of the cluster, and every member's of itself,
 * all at once, so that the positions are those of one moment. Stateless and thread-safe.
 */
final class ReplicationProbe {
    private static final String MARK = "member ";
    private static final String SILENCE = "000";

    private ReplicationProbe() {}

    /**
     * In a rehearsal, where this is only ever waited for and nothing that could answer ever starts, the member leads
     * alone.
     */
    static Probe of(ClusterConfig config, Node node) {
        StringBuilder ask = new StringBuilder("(d=$(mktemp -d) && cd \"$d\" || exit; trap 'rm -rf \"$d\"' EXIT\n");
        StringBuilder tell = new StringBuilder("wait; cat 0\n");
        ask.append(PatroniLayout.get(config, node, "/cluster")).append(" >0 &\n");
        int file = 0;
        for (Node member : config.postgresNodes()) {
            file++;
            ask.append(PatroniLayout.get(config, member, "/patroni"))
                    .append(" >")
                    .append(file)
                    .append(" &\n");
            tell.append("echo ")
                    .append(quote(MARK + member.name()))
                    .append("; cat ")
                    .append(file)
                    .append('\n');
        }
        return new Probe(
                "patroni:replication",
                ask.append(tell).append(")\n").toString(),
                "200\n{\"members\": [{\"name\": \"" + node.name()
                        + "\", \"role\": \"leader\", \"state\": \"running\"}]}\n" + MARK + node.name()
                        + "\n200\n{\"state\": \"running\", \"role\": \"primary\"}");
    }

    /** Understands an answer; empty where the cluster could not be seen. */
    static Optional<Replication> parse(String answer) {
        String[] parts = answer.split("(?m)^" + MARK, -1);
        Map<String, MemberAnswer> answers = new HashMap<>();
        for (int i = 1; i < parts.length; i++) {
            String[] part = parts[i].split("\n", 2);
            answers.put(part[0], said(part.length < 2 ? "" : part[1]));
        }
        return ClusterProbe.parse(parts[0]).map(view -> {
            view.members()
                    .forEach(member -> answers.putIfAbsent(
                            member.name(),
                            new MemberAnswer(Optional.empty(), "it is none of the configuration's nodes")));
            return Replication.of(view, answers);
        });
    }

    private static MemberAnswer said(String answer) {
        String[] lines = answer.split("\n", 2);
        if (lines.length < 2 || lines[0].equals(SILENCE)) {
            return new MemberAnswer(Optional.empty(), "nobody answers there");
        }
        try {
            return new MemberAnswer(Optional.of(StatusDocument.read(lines[1])), "");
        } catch (BadAnswerException e) {
            return new MemberAnswer(Optional.empty(), "answered with status " + lines[0] + ": " + e.getMessage());
        }
    }
}
