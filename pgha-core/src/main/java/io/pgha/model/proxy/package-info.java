/** What a configuration says of HAProxy and keepalived. */
@HouseStyle
@NullMarked
package io.pgha.model.proxy;

import io.pgha.model.internal.HouseStyle;
import org.jspecify.annotations.NullMarked;
