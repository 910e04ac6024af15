package io.pgha.internal.record;

import io.pgha.host.Command;
import io.pgha.host.Probe;
import io.pgha.internal.answer.Answers;
import io.pgha.plan.Change;
import io.pgha.plan.Impact;
import io.pgha.resource.FileResource;
import io.pgha.spi.Act;
import io.pgha.spi.Observation;
import io.pgha.spi.Resource;
import java.util.Optional;

/**
 * The record of a host that is not in order. Every run writes all records at its begin and at its end, so that this
 * step finds its work done: it is there so that a plan with nothing else to do is not empty, and says why. Immutable
 * and thread-safe.
 *
 * @param file the record
 * @param reason what is not in order
 * @param generation the run's; from it on the record is in order
 */
record RecordResource(FileResource file, String reason, long generation) implements Resource {

    @Override
    public String id() {
        return file.id();
    }

    @Override
    public String title() {
        return file.title();
    }

    @Override
    public Probe probe() {
        return file.probe();
    }

    @Override
    public Optional<Change> diff(Observation observation) {
        boolean written = Answers.content(observation.text())
                .filter(text -> FleetRecord.generation(text) >= generation)
                .isPresent();
        return written ? Optional.empty() : Optional.of(Change.of(reason, Impact.NONE));
    }

    @Override
    public Act act(Observation observation) {
        return Act.onHost(
                Command.sh("echo 'the record was there when the run began, and has been removed' >&2; exit 1"), "");
    }
}
