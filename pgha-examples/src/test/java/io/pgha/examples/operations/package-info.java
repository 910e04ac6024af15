/** The operations of the clients, done for real on the lab's deployed cluster and verified on its hosts. */
@NullMarked
package io.pgha.examples.operations;

import org.jspecify.annotations.NullMarked;
