/**
 * SQL on the members of a cluster: who is asked, how one logs in, and what each answered. Start at
 * {@code PatroniClient.query}.
 */
@NullMarked
@HouseStyle
package io.pgha.patroni.query;

import io.pgha.patroni.internal.HouseStyle;
import org.jspecify.annotations.NullMarked;
