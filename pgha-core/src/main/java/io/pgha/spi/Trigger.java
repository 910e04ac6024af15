package io.pgha.spi;

/**
 * Tells a resource that another one, earlier in the plan, changes something that it depends on. Immutable.
 *
 * @param cause the title of the changing resource
 * @param reaction what has to follow
 */
public record Trigger(String cause, Reaction reaction) {}
