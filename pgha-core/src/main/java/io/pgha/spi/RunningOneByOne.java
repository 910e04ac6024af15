package io.pgha.spi;

import io.pgha.host.Probe;
import io.pgha.model.Node;
import java.util.LinkedHashSet;
import java.util.Set;

/** Nodes that do not serve yet go together; those that do, one after the other, so that a mistake hits one only. */
final class RunningOneByOne implements RollingPolicy {
    private final String unit;

    RunningOneByOne(String unit) {
        this.unit = unit;
    }

    @Override
    public String title() {
        return "one node at a time where " + unit + " runs already";
    }

    @Override
    public Set<Node> next(Set<Node> remaining, StepContext context) throws InterruptedException {
        Set<Node> idle = new LinkedHashSet<>();
        for (Node node : remaining) {
            Probe probe = new Probe("active:" + unit, "systemctl is-active " + unit + " || true", "inactive");
            if (!context.observe(node, probe).equals("active")) {
                idle.add(node);
            }
        }
        return idle.isEmpty() ? Set.of(remaining.iterator().next()) : idle;
    }
}
