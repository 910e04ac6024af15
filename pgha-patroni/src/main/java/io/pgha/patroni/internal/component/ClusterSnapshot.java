package io.pgha.patroni.internal.component;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgha.host.Probe;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a member says of its cluster ({@code GET /cluster}). Immutable.
 *
 * @param members the members by name
 * @param paused whether maintenance mode is on
 */
record ClusterSnapshot(Map<String, Member> members, boolean paused) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> LEADERS = Set.of("leader", "standby_leader", "master");

    /**
     * One member.
     *
     * @param role its role
     * @param state its state; {@code streaming} for a replica from Patroni 3.0.4 on
     * @param timeline its timeline, where it has told
     * @param lag its lag in bytes, where it is known
     */
    public record Member(String role, String state, OptionalLong timeline, OptionalLong lag) {
        boolean leads() {
            return LEADERS.contains(role);
        }

        boolean up() {
            return state.equals("running") || state.equals("streaming");
        }
    }

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
            JsonNode root = JSON.readTree(answer.substring(4));
            Map<String, Member> members = new LinkedHashMap<>();
            for (JsonNode member : root.path("members")) {
                members.put(
                        member.path("name").asText(),
                        new Member(
                                member.path("role").asText(),
                                member.path("state").asText(),
                                number(member.path("timeline")),
                                number(member.path("lag"))));
            }
            return Optional.of(new ClusterSnapshot(members, root.path("pause").asBoolean()));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static OptionalLong number(JsonNode value) {
        return value.isNumber() ? OptionalLong.of(value.asLong()) : OptionalLong.empty();
    }

    public Optional<String> leader() {
        return members.entrySet().stream()
                .filter(member -> member.getValue().leads())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Whether there is a leader whose PostgreSQL is up. */
    boolean led() {
        return members.values().stream().anyMatch(member -> member.leads() && member.up());
    }

    /** Whether a member is the leader, or a replica that follows it closely on the same timeline. */
    boolean serves(String name, long maximumLag) {
        Member member = members.get(name);
        Optional<Member> leader = leader().map(members::get);
        if (member == null || leader.isEmpty() || !member.up()) {
            return false;
        }
        return member.leads()
                || (member.lag().isPresent()
                        && member.lag().getAsLong() <= maximumLag
                        && member.timeline().equals(leader.get().timeline()));
    }

    /** Whether another member could take over at once. */
    boolean hasCandidateBeside(String name, long maximumLag) {
        return members.entrySet().stream()
                .anyMatch(member -> !member.getKey().equals(name)
                        && !member.getValue().leads()
                        && serves(member.getKey(), maximumLag));
    }
}
