package io.pgha.patroni.internal.component;

import io.pgha.PgHaException;
import io.pgha.host.Probe;
import io.pgha.model.Node;
import io.pgha.patroni.internal.protocol.Rounds;
import io.pgha.patroni.internal.server.MemberStatus;
import io.pgha.spi.PlanContext;
import io.pgha.spi.RollingPolicy;
import io.pgha.spi.StepContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Looks at all members together, each when what was asked for is in force, or Patroni has done what it was to do and it
 * is not. Immutable and thread-safe.
 */
final class InForceRolling implements RollingPolicy {
    /** What a wait that was in vain ends with. */
    private static final String WAIT_TIMEOUT = "run.wait-timeout";

    private final Map<Node, InForce> inForce;
    private final Map<Node, Probe> probes;

    InForceRolling(PlanContext context) {
        Map<Node, InForce> wanted = new HashMap<>();
        Map<Node, Probe> questions = new HashMap<>();
        for (Node node : context.config().postgresNodes()) {
            wanted.put(node, new InForce(context, node));
            questions.put(
                    node,
                    new Probe(
                            "patroni:settled", MemberStatus.script(context, node), MemberStatus.serving("", Map.of())));
        }
        this.inForce = Map.copyOf(wanted);
        this.probes = Map.copyOf(questions);
    }

    @Override
    public String title() {
        return "all members together";
    }

    @Override
    public Set<Node> next(Set<Node> remaining, StepContext context) {
        return remaining;
    }

    /** Where the time is over, the step behind this says what is missing, in better words than the last answer. */
    @Override
    public void awaitSafe(Node node, StepContext context) throws InterruptedException {
        InForce wanted = inForce.get(node);
        Probe probe = probes.get(node);
        if (wanted == null || probe == null) {
            return;
        }
        Duration rounds = Rounds.patience(context.config().patroni().loopWait());
        try {
            context.await(
                    node,
                    probe,
                    answer -> {
                        MemberStatus status = MemberStatus.parse(answer);
                        return wanted.judge(status).isEmpty() || wanted.settled(status);
                    },
                    rounds,
                    "what was asked for is in force on " + node.name());
        } catch (PgHaException e) {
            if (!e.code().equals(WAIT_TIMEOUT)) {
                throw e;
            }
        }
    }
}
