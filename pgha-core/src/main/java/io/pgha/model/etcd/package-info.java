/** What a configuration says of etcd. */
@HouseStyle
@NullMarked
package io.pgha.model.etcd;

import io.pgha.model.internal.HouseStyle;
import org.jspecify.annotations.NullMarked;
