/** What the hosts have answered, as all of the engine reads it. */
@NullMarked
package io.pgha.internal.answer;

import org.jspecify.annotations.NullMarked;
