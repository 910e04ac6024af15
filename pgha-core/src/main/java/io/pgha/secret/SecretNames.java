package io.pgha.secret;

import io.pgha.Given;
import io.pgha.PgHaException;
import io.pgha.Problem;
import java.util.regex.Pattern;

/**
 * Judges by which names secrets are kept: such as are the same in every store, a directory as well as a vault, and lead
 * nowhere else. Stateless; no I/O.
 */
public final class SecretNames {
    /** Lower case, for there are file systems and vaults that take {@code App} and {@code app} for one. */
    private static final Pattern SECRET = Pattern.compile("[a-z0-9][a-z0-9._-]{0,127}");

    /** Those that a configuration may have. */
    private static final Pattern CLUSTER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    /** As much of a wrong name as a message shows. */
    private static final int SHOWN = 60;

    private SecretNames() {}

    /**
     * Refuses what is no name of a secret.
     *
     * @param name the name, for example {@code postgres.superuser}: 1 to 128 lower-case letters of ASCII, digits,
     *     {@code .}, {@code _} and {@code -}, the first a letter or digit
     * @return the same name
     * @throws PgHaException when it is something else (code {@code secrets.name})
     */
    public static String checked(String name) {
        if (!isSecret(Given.value(name, "name"))) {
            throw refused(
                    name,
                    "the name of a secret",
                    "Use 1 to 128 lower-case letters, digits, dots, underscores and hyphens, the first a letter or digit,"
                            + " for example postgres.superuser.");
        }
        return name;
    }

    /**
     * Refuses what is no name of a cluster.
     *
     * @param cluster the name: 1 to 63 letters of ASCII, digits, {@code .}, {@code _} and {@code -}, the first a letter
     *     or digit
     * @return the same name
     * @throws PgHaException when it is something else (code {@code secrets.name})
     */
    public static String cluster(String cluster) {
        if (!CLUSTER.matcher(Given.value(cluster, "cluster")).matches()) {
            throw refused(
                    cluster,
                    "the name of a cluster",
                    "Use 1 to 63 letters, digits, dots, underscores and hyphens, the first a letter or digit, for example"
                            + " orders.");
        }
        return cluster;
    }

    static boolean isSecret(String name) {
        return SECRET.matcher(name).matches();
    }

    private static PgHaException refused(String name, String what, String remedy) {
        String shown = name.length() > SHOWN ? name.substring(0, SHOWN) + "…" : name;
        return new PgHaException(
                Problem.of("secrets.name", "\"" + shown.replaceAll("\\p{Cntrl}", "?") + "\" is not " + what, remedy));
    }
}
