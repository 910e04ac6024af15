/** Words for people. */
@NullMarked
package io.pgha.text;

import org.jspecify.annotations.NullMarked;
