/** What a configuration says of Patroni. */
@HouseStyle
@NullMarked
package io.pgha.model.patroni;

import io.pgha.model.internal.HouseStyle;
import org.jspecify.annotations.NullMarked;
