/** What the component does by conversation with the members' REST API. */
@NullMarked
package io.pgha.patroni.internal.work;

import org.jspecify.annotations.NullMarked;
