package io.pgha.internal.record;

import io.pgha.model.Node;
import io.pgha.spi.Act;

/** What one run writes into the hosts' records: that it has begun, and how it has ended. Immutable and thread-safe. */
public final class RunEntry {
    private final FleetRecord fleet;
    private final HostRecord.PastRun run;

    RunEntry(FleetRecord fleet, HostRecord.PastRun run) {
        this.fleet = fleet;
        this.run = run;
    }

    /**
     * Returns what is done on a host before the run's first step: the configuration becomes its target.
     *
     * @param node the host
     * @return the command
     */
    public Act.OnHost begin(Node node) {
        return FleetRecord.write(fleet.begun(node, run));
    }

    /**
     * Returns what is done on a host when the run has ended well: its target is what is there.
     *
     * @param node the host
     * @return the command
     */
    public Act.OnHost done(Node node) {
        return FleetRecord.write(fleet.begun(node, run).ended("done").reached());
    }

    /**
     * Returns what is done on a host when the run has ended otherwise: its target stays one.
     *
     * @param node the host
     * @param result how it ended, in a few words
     * @return the command
     */
    public Act.OnHost failed(Node node, String result) {
        return FleetRecord.write(fleet.begun(node, run).ended(result));
    }
}
