/**
 * Talks to a running Patroni cluster over its REST API: who leads, who follows, orderly switchovers, the dynamic
 * configuration, and queries.
 *
 * <p>Start at {@link io.pgha.patroni.Patroni}; everything else is reached from {@link io.pgha.patroni.PatroniClient}.
 */
@NullMarked
@HouseStyle
package io.pgha.patroni;

import io.pgha.patroni.internal.HouseStyle;
import org.jspecify.annotations.NullMarked;
