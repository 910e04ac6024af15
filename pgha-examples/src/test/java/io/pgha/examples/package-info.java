/** What the README says, tried. */
@NullMarked
package io.pgha.examples;

import org.jspecify.annotations.NullMarked;
