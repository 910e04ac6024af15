/** What the tests of all modules share: golden files, a fixed plan context, scripted hosts. */
@NullMarked
package io.pgha.testing;

import org.jspecify.annotations.NullMarked;
