/**
 * Measures the client of Patroni: how much it adds to a bare request, and what a thousand clusters cost. Start with
 * {@code pgha-examples/bench}.
 */
@NullMarked
package io.pgha.examples.bench;

import org.jspecify.annotations.NullMarked;
