/**
 * The cluster of the lab's six hosts, deployed once for all test classes that stand on it: start at
 * {@code ClusterTest}.
 */
@NullMarked
package io.pgha.examples.cluster;

import org.jspecify.annotations.NullMarked;
