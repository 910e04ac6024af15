/** What each operation does, request by request. */
@NullMarked
package io.pgha.patroni.internal.operation;

import org.jspecify.annotations.NullMarked;
