/** Planner, runner and event pump. No promises: nothing here is for users. */
@NullMarked
package io.pgha.internal;

import org.jspecify.annotations.NullMarked;
