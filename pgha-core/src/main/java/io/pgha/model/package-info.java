/** The immutable description of a cluster: pure data, no I/O. Start at {@link io.pgha.model.ClusterConfig}. */
@NullMarked
@HouseStyle
package io.pgha.model;

import io.pgha.model.internal.HouseStyle;
import org.jspecify.annotations.NullMarked;
