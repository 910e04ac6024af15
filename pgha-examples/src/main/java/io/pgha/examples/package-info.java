/**
 * What the README shows, as code that compiles. Start at {@link io.pgha.examples.Sentence}.
 */
@NullMarked
package io.pgha.examples;

import org.jspecify.annotations.NullMarked;
