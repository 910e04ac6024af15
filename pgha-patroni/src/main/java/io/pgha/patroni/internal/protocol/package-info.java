/** What Patroni answers, read; and what it says about itself: its timings, and who may change it. */
@NullMarked
package io.pgha.patroni.internal.protocol;

import org.jspecify.annotations.NullMarked;
