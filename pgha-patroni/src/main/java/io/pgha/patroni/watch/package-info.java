/** What happens in a cluster, as it happens. Start at {@code PatroniClient.watch}. */
@NullMarked
@HouseStyle
package io.pgha.patroni.watch;

import io.pgha.patroni.internal.HouseStyle;
import org.jspecify.annotations.NullMarked;
