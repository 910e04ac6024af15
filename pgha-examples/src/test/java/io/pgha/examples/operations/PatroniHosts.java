package io.pgha.examples.operations;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgha.examples.cluster.LabCluster;
import io.pgha.examples.lab.LabHost;
import io.pgha.model.Node;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the hosts themselves say, past the client that is under test. */
final class PatroniHosts {
    private final LabCluster cluster;

    PatroniHosts(LabCluster cluster) {
        this.cluster = cluster;
    }

    LabHost host(String name) {
        return cluster.lab().host(name);
    }

    /** Asks every PostgreSQL, by host. */
    Map<String, String> sql(String sql) throws InterruptedException {
        Map<String, String> answers = new TreeMap<>();
        for (Node node : cluster.config().postgresNodes()) {
            answers.put(node.name(), LabCluster.sql(cluster.host(node), sql));
        }
        return answers;
    }

    /** Has every PostgreSQL's host do something, and returns what it printed, by host. */
    Map<String, String> onEach(String script) throws InterruptedException {
        Map<String, String> answers = new TreeMap<>();
        for (Node node : cluster.config().postgresNodes()) {
            answers.put(node.name(), cluster.host(node).exec(script).text());
        }
        return answers;
    }

    /** When each postmaster started. */
    Map<String, String> postmasters() throws InterruptedException {
        return sql("select pg_postmaster_start_time()");
    }

    /** A line of {@code patronictl list -f json} by member. */
    Map<String, JsonNode> list() throws InterruptedException {
        Map<String, JsonNode> members = new TreeMap<>();
        try {
            new ObjectMapper()
                    .readTree(any().exec("patronictl list -f json").text())
                    .forEach(member -> members.put(member.get("Member").asText(), member));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
        return members;
    }

    /** What patronictl prints, from any member's host. */
    String patronictl(String arguments) throws InterruptedException {
        return any().exec("patronictl " + arguments + " 2>&1").out();
    }

    private LabHost any() {
        return cluster.host(cluster.config().postgresNodes().get(0));
    }

    /**
     * Waits for one leader to which both others are connected, and until Patroni knows it; while members stop and start
     * there may be none, and a plan would wait for them.
     */
    void awaitInOrder() throws InterruptedException {
        LabCluster.await("two members stream", () -> senders().equals("2"), this::state);
        LabCluster.await(
                "Patroni sees three members that run",
                () -> list().values().stream()
                                .map(member -> member.get("State").asText())
                                .filter(Set.of("running", "streaming")::contains)
                                .count()
                        == 3,
                this::state);
    }

    /** Who is in recovery: {@code t}, {@code f}, and nothing for a server that is down. */
    Set<String> inRecovery() throws InterruptedException {
        Set<String> answers = new TreeSet<>();
        for (Node node : cluster.config().postgresNodes()) {
            answers.add(psql(node, "select pg_is_in_recovery()"));
        }
        return answers;
    }

    private String senders() throws InterruptedException {
        for (Node node : cluster.config().postgresNodes()) {
            String found = psql(
                    node,
                    "select count(distinct application_name) from pg_stat_replication where state = 'streaming'"
                            + " and application_name like 'postgres-%' and not pg_is_in_recovery()");
            if (!found.isEmpty() && !found.equals("0")) {
                return found;
            }
        }
        return "0";
    }

    /** An answer, or nothing from a server that is down. */
    private String psql(Node node, String sql) throws InterruptedException {
        return cluster.host(node)
                .exec("runuser -u postgres -- psql -XAtc \"" + sql + "\" 2>/dev/null; true")
                .text();
    }

    /** How members stand, and what they last said. */
    String state() throws InterruptedException {
        StringBuilder state = new StringBuilder(patronictl("list"));
        for (Node node : cluster.config().postgresNodes()) {
            state.append(node.name())
                    .append(": ")
                    .append(psql(node, "select application_name, state, sent_lsn from pg_stat_replication"))
                    .append('\n')
                    .append(cluster.host(node)
                            .exec("journalctl -q --no-pager -o cat -u patroni -n 80; tail -n 12"
                                    + " /var/log/postgresql/postgresql-$(date +%a).log; true")
                            .out());
        }
        return state.toString();
    }
}
