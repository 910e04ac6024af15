/** How values of a configuration are written, and what texts may be. */
@NullMarked
package io.pgha.model.internal.text;

import org.jspecify.annotations.NullMarked;
