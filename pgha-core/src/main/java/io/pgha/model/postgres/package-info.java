/** What a configuration says of PostgreSQL. */
@HouseStyle
@NullMarked
package io.pgha.model.postgres;

import io.pgha.model.internal.HouseStyle;
import org.jspecify.annotations.NullMarked;
