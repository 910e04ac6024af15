/** When nothing may be done that interrupts the service. */
@HouseStyle
@NullMarked
package io.pgha.model.maintenance;

import io.pgha.model.internal.HouseStyle;
import org.jspecify.annotations.NullMarked;
