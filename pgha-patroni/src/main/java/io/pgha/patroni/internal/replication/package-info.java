/** How the members of a cluster replicate at one moment, and which of them could take over. */
@NullMarked
package io.pgha.patroni.internal.replication;

import org.jspecify.annotations.NullMarked;
