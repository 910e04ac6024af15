/** An authority at work: what it is made of, what it issues and judges, and what would be wrong with it. */
@NullMarked
package io.pgha.certs.internal.authority;

import org.jspecify.annotations.NullMarked;
