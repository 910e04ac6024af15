/** Which of Patroni's versions can do what. */
@NullMarked
package io.pgha.patroni.internal.version;

import org.jspecify.annotations.NullMarked;
