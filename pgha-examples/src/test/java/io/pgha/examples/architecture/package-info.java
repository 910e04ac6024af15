/** Checks that the code keeps to the architecture. */
@NullMarked
package io.pgha.examples.architecture;

import org.jspecify.annotations.NullMarked;
