package io.pgha.patroni.internal.component;

import static io.pgha.host.ShellQuote.quote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgha.host.Probe;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What every member says of its own PostgreSQL ({@code GET /patroni}), which it asks at that moment; what members publish in
 * etcd ({@link ClusterSnapshot}) can be one round old. Immutable.
 *
 * @param documents the status documents by member
 */
record LiveMembers(Map<String, JsonNode> documents) {
    private static final ObjectMapper JSON = new ObjectMapper();
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
        Map<String, JsonNode> documents = new LinkedHashMap<>();
        String name = "";
        for (String line : answer.split("\n", -1)) {
            if (line.startsWith(MARK)) {
                name = line.substring(MARK.length());
            } else if (line.startsWith("{")) {
                try {
                    documents.put(name, JSON.readTree(line));
                } catch (JsonProcessingException e) {
                    documents.remove(name);
                }
            }
        }
        return new LiveMembers(documents);
    }

    /** Whether a member's PostgreSQL is a primary, or a replica to which another member streams. */
    boolean serves(String name) {
        JsonNode own = documents.get(name);
        if (own == null || !own.path("state").asText().equals("running")) {
            return false;
        }
        String role = own.path("role").asText();
        return role.equals("primary") || role.equals("master") || streamedTo(name);
    }

    private boolean streamedTo(String name) {
        for (JsonNode document : documents.values()) {
            for (JsonNode sender : document.path("replication")) {
                if (sender.path("application_name").asText().equals(name)
                        && sender.path("state").asText().equals("streaming")) {
                    return true;
                }
            }
        }
        return false;
    }
}
