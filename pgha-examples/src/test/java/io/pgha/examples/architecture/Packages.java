package io.pgha.examples.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Set;

/**
 * Cuts a module into its packages, to look for cycles among them.
 *
 * <p>The root package is cut in two, because two kinds of class live there on purpose: the words that every package
 * speaks when something is wrong, and the doors, which use every package.
 */
final class Packages implements SliceAssignment {

    private static final Set<String> ERROR_WORDS =
            Set.of("io.pgha.PgHaException", "io.pgha.Problem", "io.pgha.NullArgumentException", "io.pgha.Given");

    @Override
    public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
        String name = javaClass.getName();
        int nested = name.indexOf('$');
        String outermost = nested < 0 ? name : name.substring(0, nested);
        return SliceIdentifier.of(
                ERROR_WORDS.contains(outermost) ? "io.pgha (error words)" : javaClass.getPackageName());
    }

    @Override
    public String getDescription() {
        return "packages";
    }
}
