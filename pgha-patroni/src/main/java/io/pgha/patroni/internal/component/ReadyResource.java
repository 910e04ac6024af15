package io.pgha.patroni.internal.component;

import io.pgha.host.Probe;
import io.pgha.model.Node;
import io.pgha.patroni.internal.layout.PatroniLayout;
import io.pgha.patroni.internal.server.MemberStatus;
import io.pgha.patroni.internal.work.ReadyWork;
import io.pgha.patroni.internal.work.RestWork;
import io.pgha.plan.Change;
import io.pgha.plan.Impact;
import io.pgha.spi.Act;
import io.pgha.spi.Observation;
import io.pgha.spi.PlanContext;
import io.pgha.spi.Resource;
import java.util.Optional;

/**
 * A member whose PostgreSQL is up, however long a new replica copies ({@link ReadyWork}). Immutable and thread-safe.
 */
final class ReadyResource implements Resource {
    static final String ID = "patroni:ready";
    private final Probe probe;
    private final ReadyWork ready;
    private final RestWork rest;
    private final String serving;

    ReadyResource(PlanContext context, Node node, RestWork rest) {
        this.probe = new Probe(ID, MemberStatus.script(context, node), MemberStatus.NOBODY);
        this.ready = new ReadyWork(PatroniLayout.dataDirectory(context, node));
        this.rest = rest;
        this.serving = MemberStatus.serving(
                node.equals(MemberRolling.founder(context.config().postgresNodes())) ? "primary" : "replica",
                new NextStart(context).limits());
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "wait until PostgreSQL is up";
    }

    @Override
    public Volatility volatility() {
        return Volatility.TRANSIENT;
    }

    @Override
    public Probe probe() {
        return probe;
    }

    @Override
    public Optional<Change> diff(Observation observation) {
        String state = MemberStatus.parse(observation.text()).state();
        return state.equals("running")
                ? Optional.empty()
                : Optional.of(Change.of(
                        state.isEmpty() ? "Patroni does not answer" : "PostgreSQL is: " + state, Impact.NONE));
    }

    @Override
    public Act act(Observation observation) {
        return Act.inJava(rest.of(ready::await), serving);
    }
}
