/** Certificates and authorities are replaced while the cluster serves, and those that were replaced are refused. */
@NullMarked
package io.pgha.examples.certificates;

import org.jspecify.annotations.NullMarked;
