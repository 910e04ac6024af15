/** What would change and why: the plan is the dry run. Start at {@link io.pgha.plan.Plan}. */
@NullMarked
package io.pgha.plan;

import org.jspecify.annotations.NullMarked;
