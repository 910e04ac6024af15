package io.pgha.proxy;

import io.pgha.host.Probe;
import io.pgha.model.Node;
import io.pgha.spi.RollingPolicy;
import io.pgha.spi.StepContext;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Nodes whose keepalived runs learn of a new one, one after the other, before it starts: one that hears of no holder,
 * because nobody announces to it yet, would hold the virtual IP, too. Stateless and thread-safe.
 */
final class PeersFirst implements RollingPolicy {
    private static final Probe ACTIVE =
            new Probe("active:keepalived", "systemctl is-active keepalived || true", "inactive");

    @Override
    public String title() {
        return "one node at a time where keepalived runs already, then the others";
    }

    @Override
    public Set<Node> next(Set<Node> remaining, StepContext context) throws InterruptedException {
        Set<Node> idle = new LinkedHashSet<>();
        for (Node node : remaining) {
            if (context.observe(node, ACTIVE).equals("active")) {
                return Set.of(node);
            }
            idle.add(node);
        }
        return idle;
    }
}
