/** Types into JShell what users type into it. */
@NullMarked
package io.pgha.examples.jshell;

import org.jspecify.annotations.NullMarked;
