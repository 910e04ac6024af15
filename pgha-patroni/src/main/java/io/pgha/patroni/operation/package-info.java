/**
 * What an operator does to a running cluster: for each operation its options, and its result. The operations themselves
 * are methods of {@link io.pgha.patroni.PatroniClient}; the values here do no I/O, but for the pause that is held
 * ({@link io.pgha.patroni.operation.PauseScope}).
 */
@NullMarked
@HouseStyle
package io.pgha.patroni.operation;

import io.pgha.patroni.internal.HouseStyle;
import org.jspecify.annotations.NullMarked;
