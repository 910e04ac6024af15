/** What an edit of the dynamic configuration comes to, and what Patroni would not take of it. */
@NullMarked
package io.pgha.patroni.internal.config;

import org.jspecify.annotations.NullMarked;
