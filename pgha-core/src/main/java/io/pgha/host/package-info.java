/**
 * The port to a machine: what pgha needs of one, and the in-memory machine for rehearsals.
 *
 * <p>Start at {@link io.pgha.host.Transport}; {@code io.pgha.ssh.Ssh} is the real one.
 */
@NullMarked
@HouseStyle
package io.pgha.host;

import io.pgha.internal.HouseStyle;
import org.jspecify.annotations.NullMarked;
