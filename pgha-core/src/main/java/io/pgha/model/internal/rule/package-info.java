/** What the rules of all parts of a configuration have in common. */
@NullMarked
package io.pgha.model.internal.rule;

import org.jspecify.annotations.NullMarked;
