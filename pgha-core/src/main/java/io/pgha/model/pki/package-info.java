/** What a configuration says of certificates. */
@HouseStyle
@NullMarked
package io.pgha.model.pki;

import io.pgha.model.internal.HouseStyle;
import org.jspecify.annotations.NullMarked;
