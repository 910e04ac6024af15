/**
 * What every host has, whatever its role: the claim, package rules, packages, names, clock and kernel settings; and the
 * conditions that a host must meet before anything is touched. Start at {@link io.pgha.os.CommonComponent}.
 */
@NullMarked
package io.pgha.os;

import org.jspecify.annotations.NullMarked;
