/**
 * What components offer each other: certificates, the distributed configuration store, a lock on a cluster. A component offers one by
 * implementing its provider.
 */
@NullMarked
@HouseStyle
package io.pgha.port;

import io.pgha.internal.HouseStyle;
import org.jspecify.annotations.NullMarked;
