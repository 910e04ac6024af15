/** JShell with pgha: what its prompt shows of a value. {@code pgha-examples/jshell/run} starts it. */
@NullMarked
package io.pgha.examples.jshell;

import org.jspecify.annotations.NullMarked;
