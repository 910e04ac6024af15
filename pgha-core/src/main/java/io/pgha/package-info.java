/** The first words a user types: PgHa and Cluster; start at {@code PgHa.builder()}. */
@NullMarked
package io.pgha;

import org.jspecify.annotations.NullMarked;
