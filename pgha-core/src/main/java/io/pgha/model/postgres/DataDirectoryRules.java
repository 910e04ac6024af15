package io.pgha.model.postgres;

import io.pgha.model.internal.rule.Problems;
import io.pgha.model.internal.text.Texts;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Checks that PostgreSQL's data directory is one that can be its own: it is given to the user postgres, for nobody else
 * to read.
 */
final class DataDirectoryRules {
    private static final Pattern PATH = Pattern.compile("(/(?!\\.{1,2}(/|$))[A-Za-z0-9_.+@-]+)+");

    /** What the system, or another program, has for itself with all that is below. */
    private static final Set<String> TAKEN = Set.of(
            "/bin",
            "/boot",
            "/dev",
            "/etc",
            "/lib",
            "/lib32",
            "/lib64",
            "/lost+found",
            "/proc",
            "/root",
            "/run",
            "/sbin",
            "/sys",
            "/tmp",
            "/usr",
            "/var/backups",
            "/var/cache",
            "/var/lib/apt",
            "/var/lib/chrony",
            "/var/lib/dpkg",
            "/var/lib/etcd",
            "/var/lib/haproxy",
            "/var/lib/pgha",
            "/var/lib/systemd",
            "/var/lock",
            "/var/log",
            "/var/mail",
            "/var/run",
            "/var/spool",
            "/var/tmp");

    /** What is shared: others are, or will be, below it. */
    private static final Set<String> SHARED =
            Set.of("/home", "/media", "/mnt", "/opt", "/srv", "/var", "/var/lib", "/var/lib/postgresql", "/var/local");

    private DataDirectoryRules() {}

    static void check(String directory, Problems problems) {
        if (!PATH.matcher(directory).matches()) {
            refuse(
                    directory,
                    "; it must be an absolute path of letters, digits, _, ., +, @ and -, without . and ..",
                    problems);
        } else if (SHARED.contains(directory)) {
            refuse(directory, ", which others share; it must be a directory of PostgreSQL's own", problems);
        } else {
            TAKEN.stream()
                    .filter(taken -> (directory + "/").startsWith(taken + "/"))
                    .findFirst()
                    .ifPresent(taken -> refuse(
                            directory,
                            ", and " + taken + " is not PostgreSQL's: it must be a directory of its own",
                            problems));
        }
    }

    private static void refuse(String directory, String why, Problems problems) {
        problems.add(
                "postgres-data-directory",
                "postgres.dataDirectory is " + Texts.quote(directory) + why,
                "Write a path such as /var/lib/postgresql/17/main.");
    }
}
