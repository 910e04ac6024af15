/**
 * Connections: made through a jump host or not, kept alive, opened again when they dropped, and what is run and
 * forwarded over them.
 */
@NullMarked
package io.pgha.ssh.internal.connection;

import org.jspecify.annotations.NullMarked;
