/** Where a server is, and how long to wait for it. */
@NullMarked
package io.pgha.net;

import org.jspecify.annotations.NullMarked;
