/**
 * A cluster's certificates: the authority that its store keeps, the component that hands them out, the look at what
 * daemons show, and the steps of a rotation.
 */
@NullMarked
package io.pgha.certs.internal.cluster;

import org.jspecify.annotations.NullMarked;
