/** Checks the class path that a consumer of the library gets. */
@NullMarked
package io.pgha.examples.classpath;

import org.jspecify.annotations.NullMarked;
