/** The operations of the clients, seen for real on the lab's cluster. */
@NullMarked
package io.pgha.examples.operations;

import org.jspecify.annotations.NullMarked;
