package io.pgha.internal;

import io.pgha.model.Node;
import io.pgha.spi.RollingPolicy;
import io.pgha.spi.StepContext;
import java.util.Set;

/** {@link RollingPolicy#oneByOne()}, for tests to add what happens between the nodes. */
class OneByOne implements RollingPolicy {
    private final RollingPolicy order = RollingPolicy.oneByOne();

    @Override
    public String title() {
        return order.title();
    }

    @Override
    public Set<Node> next(Set<Node> remaining, StepContext context) throws InterruptedException {
        return order.next(remaining, context);
    }
}
