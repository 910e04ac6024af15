package io.pgha.internal.record;

import io.pgha.host.Probe;
import io.pgha.model.Node;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** What the hosts have answered. Immutable and thread-safe. */
record Answers(Map<Node, Map<String, String>> all) {

    String of(Node node, Probe probe) {
        return all.getOrDefault(node, Map.of()).getOrDefault(probe.id(), probe.bare());
    }

    /** Returns the content of a file whose probe was asked; empty where there is no plain file. */
    Optional<String> file(Node node, Probe probe) {
        return content(of(node, probe));
    }

    /** A file's probe prints mode and owner, and below them the content. */
    static Optional<String> content(String answer) {
        int end = answer.indexOf('\n');
        return end < 0
                ? Optional.empty()
                : Optional.of(
                        new String(Base64.getDecoder().decode(answer.substring(end + 1)), StandardCharsets.UTF_8));
    }
}
