/** How the model is built. */
@NullMarked
package io.pgha.model.internal;

import org.jspecify.annotations.NullMarked;
