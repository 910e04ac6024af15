package io.pgha.patroni.internal.component;

import static io.pgha.host.ShellQuote.quote;

import io.pgha.host.Probe;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.patroni.internal.layout.PatroniLayout;
import io.pgha.patroni.internal.protocol.StatusDocument;
import io.pgha.patroni.internal.text.BadAnswerException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What every member says of its own PostgreSQL ({@code GET /patroni}), which it asks at that moment; what members publish in
 * etcd ({@link ClusterSnapshot}) can be one round old. Immutable.
 *
 * @param documents the status documents by member
 */
record LiveMembers(Map<String, StatusDocument> documents) {
    private static final String MARK = "member ";

    /** In a rehearsal, where this is only ever waited for, every member serves. */
    static Probe probe(ClusterConfig config) {
        StringBuilder script = new StringBuilder();
        StringBuilder rehearsed = new StringBuilder();
        for (Node node : config.postgresNodes()) {
            rehearsed.append(MARK).append(node.name()).append("\n{\"state\":\"running\",\"role\":\"primary\"}\n");
            script.append("echo ").append(quote(MARK + node.name())).append('\n');
            script.append(PatroniLayout.get(config, node, "/patroni")).append('\n');
        }
        return new Probe("patroni:live", script.toString(), rehearsed.toString());
    }

    static LiveMembers parse(String answer) {
        Map<String, StatusDocument> documents = new LinkedHashMap<>();
        String name = "";
        for (String line : answer.split("\n", -1)) {
            if (line.startsWith(MARK)) {
                name = line.substring(MARK.length());
            } else if (line.startsWith("{")) {
                try {
                    documents.put(name, StatusDocument.read(line));
                } catch (BadAnswerException e) {
                    documents.remove(name);
                }
            }
        }
        return new LiveMembers(documents);
    }

    /** Whether a member's PostgreSQL is a primary, or a replica to which another member streams. */
    boolean serves(String name) {
        StatusDocument own = documents.get(name);
        return own != null
                && own.running()
                && (own.primary()
                        || documents.values().stream()
                                .anyMatch(sender -> sender.streamsTo().contains(name)));
    }
}
