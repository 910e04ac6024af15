/** From bare hosts to a running cluster in one command. Start at {@link io.pgha.examples.quickstart.Quickstart}. */
@NullMarked
package io.pgha.examples.quickstart;

import org.jspecify.annotations.NullMarked;
