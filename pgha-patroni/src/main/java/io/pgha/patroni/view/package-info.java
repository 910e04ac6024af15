/**
 * What a cluster shows of itself: members with roles, positions and lag, what is scheduled, its history and metrics,
 * and the tables of {@code patronictl}. Nothing here does I/O; {@link io.pgha.patroni.PatroniClient} and
 * {@link io.pgha.patroni.PatroniFleet} return these values.
 */
@NullMarked
@HouseStyle
package io.pgha.patroni.view;

import io.pgha.patroni.internal.HouseStyle;
import org.jspecify.annotations.NullMarked;
