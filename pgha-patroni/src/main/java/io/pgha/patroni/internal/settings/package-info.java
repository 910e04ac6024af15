/** What pgha keeps in Patroni's dynamic configuration, and how it differs from what is there. */
@NullMarked
package io.pgha.patroni.internal.settings;

import org.jspecify.annotations.NullMarked;
