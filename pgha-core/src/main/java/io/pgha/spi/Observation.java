package io.pgha.spi;

import java.util.List;

/**
 * What is known of a resource when it is compared. Immutable.
 *
 * @param text what the probe printed
 * @param triggers changes earlier in the plan that this resource has to react to; empty when the resource is only
 *     verified
 */
public record Observation(String text, List<Trigger> triggers) {

    /**
     * Returns an observation without triggers.
     *
     * @param text what the probe printed
     * @return the observation
     */
    public static Observation of(String text) {
        return new Observation(text, List.of());
    }

    /** Leaves the text out, which may be that of a file with secrets. */
    @Override
    public String toString() {
        return "Observation[triggers=" + triggers + "]";
    }
}
