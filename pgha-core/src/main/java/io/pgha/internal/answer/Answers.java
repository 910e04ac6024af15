package io.pgha.internal.answer;

import io.pgha.host.Probe;
import io.pgha.model.Node;
import io.pgha.spi.Resource;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * What the hosts have answered; where one was not asked, what an untouched machine answers. Immutable and thread-safe.
 *
 * @param byNode answers by probe id, by node
 */
public record Answers(Map<Node, Map<String, String>> byNode) {

    /** Returns what a node has answered. */
    public String of(Node node, Probe probe) {
        return byNode.getOrDefault(node, Map.of()).getOrDefault(probe.id(), probe.bare());
    }

    /** Returns what the first node says that tells of a resource; where none does, the first one's silence. */
    public String of(Map<Node, Resource> views) {
        Map.Entry<Node, Resource> view = telling(views);
        return of(view.getKey(), view.getValue().probe());
    }

    /** Returns whom to turn to for a resource that several nodes see. */
    public Node teller(Map<Node, Resource> views) {
        return telling(views).getKey();
    }

    /** Returns the content of a file whose probe was asked; empty where there is no plain file. */
    public Optional<String> file(Node node, Probe probe) {
        return content(of(node, probe));
    }

    /** Returns the content in a file's answer: mode and owner, and below them the content. */
    public static Optional<String> content(String answer) {
        int end = answer.indexOf('\n');
        return end < 0
                ? Optional.empty()
                : Optional.of(
                        new String(Base64.getDecoder().decode(answer.substring(end + 1)), StandardCharsets.UTF_8));
    }

    private Map.Entry<Node, Resource> telling(Map<Node, Resource> views) {
        return views.entrySet().stream()
                .filter(view ->
                        view.getValue().told(of(view.getKey(), view.getValue().probe())))
                .findFirst()
                .orElseGet(() -> views.entrySet().iterator().next());
    }
}
