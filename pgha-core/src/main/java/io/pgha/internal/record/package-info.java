/**
 * What every host keeps on record of its cluster, and the guard that compares it with what is wanted:
 * {@link io.pgha.internal.record.HostRecord} is one host's file, {@link io.pgha.internal.record.FleetRecord} what all
 * of them say together, {@link io.pgha.internal.record.ChangeGuard} refuses what would break a running cluster.
 */
@NullMarked
package io.pgha.internal.record;

import org.jspecify.annotations.NullMarked;
