/** A plan at work: progress, events, cancellation and what came of it. Start at {@link io.pgha.run.Run}. */
@NullMarked
@HouseStyle
package io.pgha.run;

import io.pgha.internal.HouseStyle;
import org.jspecify.annotations.NullMarked;
