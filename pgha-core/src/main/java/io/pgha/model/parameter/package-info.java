/**
 * Which parameters PostgreSQL has in each major version, and which values they take. Start at
 * {@link io.pgha.model.parameter.ParameterCatalog}.
 */
@NullMarked
package io.pgha.model.parameter;

import org.jspecify.annotations.NullMarked;
