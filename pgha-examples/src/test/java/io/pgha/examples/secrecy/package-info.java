/** Searches all that anybody can see for every secret. */
@NullMarked
package io.pgha.examples.secrecy;

import org.jspecify.annotations.NullMarked;
