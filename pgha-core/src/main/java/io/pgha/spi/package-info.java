/**
 * What extenders implement: components, resources, rolling policies and preflight rules.
 *
 * <p>Start at {@link io.pgha.spi.Component}; ready-made resources are in {@code io.pgha.resource}.
 */
@NullMarked
@HouseStyle
package io.pgha.spi;

import io.pgha.internal.HouseStyle;
import org.jspecify.annotations.NullMarked;
