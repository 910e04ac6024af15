package io.pgha.patroni.internal.component;

import io.pgha.host.Probe;
import io.pgha.model.Node;
import io.pgha.patroni.internal.layout.PatroniLayout;
import io.pgha.patroni.internal.protocol.ClusterDocument;
import io.pgha.patroni.internal.text.BadAnswerException;
import io.pgha.patroni.view.ClusterView;
import io.pgha.spi.StepContext;
import java.util.Optional;

/** What members say of their cluster ({@code GET /cluster}), each asked on its own host. Stateless and thread-safe. */
final class ClusterProbe {
    private ClusterProbe() {}

    /** Returns what the first member that answers says. */
    static Optional<ClusterView> ask(StepContext context) throws InterruptedException {
        for (Node node : context.config().postgresNodes()) {
            String script = PatroniLayout.get(context.config(), node, "/cluster");
            Optional<ClusterView> view = parse(context.observe(node, new Probe("patroni:cluster", script, "000")));
            if (view.isPresent()) {
                return view;
            }
        }
        return Optional.empty();
    }

    /** Understands an answer; empty where there is none or where it is not a cluster. */
    static Optional<ClusterView> parse(String answer) {
        if (!answer.startsWith("200\n")) {
            return Optional.empty();
        }
        try {
            return Optional.of(ClusterDocument.read(answer.substring(4)).build());
        } catch (BadAnswerException e) {
            return Optional.empty();
        }
    }
}
