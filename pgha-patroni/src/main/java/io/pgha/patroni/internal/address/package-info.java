/** Where a member is, and whether anything stands before a connection to it. */
@NullMarked
package io.pgha.patroni.internal.address;

import org.jspecify.annotations.NullMarked;
