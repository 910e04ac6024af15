/** Requests to members' REST APIs: one, or all at once, with their deadlines, failures and threads. */
@NullMarked
package io.pgha.patroni.internal.rest;

import org.jspecify.annotations.NullMarked;
