/** The scripts of all resources in a real shell. */
@NullMarked
package io.pgha.examples.scripts;

import org.jspecify.annotations.NullMarked;
