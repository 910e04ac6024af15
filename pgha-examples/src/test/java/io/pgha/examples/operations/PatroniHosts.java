package io.pgha.examples.operations;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgha.examples.cluster.LabCluster;
import io.pgha.examples.lab.LabHost;
import io.pgha.model.Node;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What the hosts themselves say, past the client that is under test. */
final class PatroniHosts {
    private final LabCluster cluster;

    PatroniHosts(LabCluster cluster) {
        this.cluster = cluster;
    }

    /** Asks something that may need the hosts. */
    interface Condition {
        boolean holds() throws InterruptedException;
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

    static void await(String what, Condition condition) throws InterruptedException {
        Duration limit = Duration.ofSeconds(60);
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + limit.toSeconds() + " s: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }
}
