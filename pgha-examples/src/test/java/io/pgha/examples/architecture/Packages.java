package io.pgha.examples.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Set;

/**
 * Cuts a module into its packages, to look for cycles among them.
 *
 * <p>A package at a module's door is cut in two, because two kinds of class live there on purpose: the words that every package
 * speaks when something is wrong, and the doors, which use every package.
 */
final class Packages implements SliceAssignment {

    private static final Set<String> WORDS = Set.of(
            "io.pgha.PgHaException",
            "io.pgha.Problem",
            "io.pgha.NullArgumentException",
            "io.pgha.Given",
            "io.pgha.model.InvalidConfigException",
            "io.pgha.patroni.PatroniException",
            "io.pgha.patroni.OutcomeUnknownException",
            "io.pgha.patroni.PatroniClientOptions");

    @Override
    public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
        String name = javaClass.getName();
        int nested = name.indexOf('$');
        String outermost = (nested < 0 ? name : name.substring(0, nested)).replace(".Immutable", ".");
        return SliceIdentifier.of(javaClass.getPackageName() + (WORDS.contains(outermost) ? " (words)" : ""));
    }

    @Override
    public String getDescription() {
        return "packages";
    }
}
