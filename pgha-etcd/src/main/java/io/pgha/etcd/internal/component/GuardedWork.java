package io.pgha.etcd.internal.component;

import io.pgha.host.Probe;
import io.pgha.plan.Change;
import io.pgha.plan.Impact;
import io.pgha.resource.CommandResource;
import io.pgha.spi.Act;
import io.pgha.spi.Observation;
import io.pgha.spi.Resource;
import io.pgha.spi.Work;
import java.util.Optional;
import java.util.Set;

/**
 * What a guard on the machine asks for, and work from here brings about. Immutable and thread-safe.
 *
 * @param id the name, unique on its node
 * @param title what is done
 * @param guard prints {@link CommandResource#OK} when there is nothing to do, and otherwise, in a few words, what is
 *     not as desired
 * @param bare what the guard prints on a bare machine
 * @param ignorant what the guard prints where this machine knows nothing of it
 * @param work what makes it so
 */
record GuardedWork(String id, String title, String guard, String bare, Set<String> ignorant, Work work)
        implements Resource {

    @Override
    public Probe probe() {
        return new Probe(id, guard, bare);
    }

    @Override
    public Optional<Change> diff(Observation observation) {
        return observation.text().equals(CommandResource.OK)
                ? Optional.empty()
                : Optional.of(Change.of(observation.text(), Impact.NONE));
    }

    @Override
    public boolean told(String answer) {
        return !ignorant.contains(answer);
    }

    @Override
    public Act act(Observation observation) {
        return Act.inJava(work, CommandResource.OK);
    }
}
