/**
 * What components offer each other: certificates, the distributed configuration store, a lock on a cluster. Start at
 * {@link io.pgha.port.Offer}.
 */
@NullMarked
@HouseStyle
package io.pgha.port;

import io.pgha.internal.HouseStyle;
import org.jspecify.annotations.NullMarked;
