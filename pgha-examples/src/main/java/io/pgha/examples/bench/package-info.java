/** Measures what pgha costs beside the tools that it takes the place of. */
@NullMarked
package io.pgha.examples.bench;

import org.jspecify.annotations.NullMarked;
