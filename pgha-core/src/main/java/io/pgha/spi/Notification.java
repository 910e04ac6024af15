package io.pgha.spi;

/**
 * Declares that a change of one resource asks another to react. Immutable.
 *
 * @param resourceId the id of the resource that reacts
 * @param reaction what it has to do
 * @param reach where it is
 */
public record Notification(String resourceId, Reaction reaction, Reach reach) {

    /** Names where the reacting resource is. */
    public enum Reach {
        /** On the same node. */
        NODE,
        /** On every node that has it. */
        CLUSTER
    }
}
