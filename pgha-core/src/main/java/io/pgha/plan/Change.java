package io.pgha.plan;

import java.util.Optional;

/**
 * Says that a resource is not as desired, and why. Immutable.
 *
 * @param reason why a step is needed, for example {@code absent} or {@code etcd.env changes}
 * @param impact what the step does to running services
 * @param diff how a file would change, where the resource is one
 */
public record Change(String reason, Impact impact, Optional<FileDiff> diff) {

    /**
     * Returns a change that touches no file's content.
     *
     * @param reason why
     * @param impact what it does to running services
     * @return the change
     */
    public static Change of(String reason, Impact impact) {
        return new Change(reason, impact, Optional.empty());
    }
}
