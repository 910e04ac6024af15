/**
 * Ready-made resources: file, block in a file, packages, service, certificate, command with a guard, wait.
 *
 * <p>A component declares them; the engine observes, compares, acts and verifies. Every class is immutable and does no
 * I/O of its own: it renders POSIX {@code sh}.
 */
@NullMarked
@HouseStyle
package io.pgha.resource;

import io.pgha.internal.HouseStyle;
import org.jspecify.annotations.NullMarked;
