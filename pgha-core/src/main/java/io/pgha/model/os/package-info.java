/** What a configuration says of the hosts themselves. */
@HouseStyle
@NullMarked
package io.pgha.model.os;

import io.pgha.model.internal.HouseStyle;
import org.jspecify.annotations.NullMarked;
