/**
 * Where things lie on a PostgreSQL host, what of Debian's is there, and the passwords. Knows no other room of the
 * component.
 */
@NullMarked
package io.pgha.patroni.internal.layout;

import org.jspecify.annotations.NullMarked;
