/** What is done to the members of a running cluster: membership, space, snapshots, replacement and restoration. */
@NullMarked
package io.pgha.etcd.internal.member;

import org.jspecify.annotations.NullMarked;
