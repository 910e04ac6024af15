/** The whole way on real hosts: refusals, deploys that are cut short, and what must hold afterwards. */
@NullMarked
package io.pgha.examples.deploy;

import org.jspecify.annotations.NullMarked;
