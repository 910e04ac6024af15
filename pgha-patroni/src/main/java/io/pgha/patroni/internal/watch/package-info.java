/** How changes are found between one look and the next. */
@NullMarked
package io.pgha.patroni.internal.watch;

import org.jspecify.annotations.NullMarked;
