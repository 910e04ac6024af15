/**
 * Patroni's dynamic configuration: as it is, as an edit would make it, and what an edit did. Start at
 * {@code PatroniClient.config} and {@code PatroniClient.editConfig}.
 */
@NullMarked
package io.pgha.patroni.config;

import org.jspecify.annotations.NullMarked;
