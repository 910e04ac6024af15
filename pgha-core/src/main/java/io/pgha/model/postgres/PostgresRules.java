package io.pgha.model.postgres;

import io.pgha.model.hba.HbaFile;
import io.pgha.model.internal.rule.Problems;
import io.pgha.model.internal.text.Ip;
import io.pgha.model.internal.text.Texts;
import io.pgha.text.PostgresEncodings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks the settings of PostgreSQL besides its parameters. */
final class PostgresRules {
    private static final int OLDEST = 12;
    private static final int NEWEST = 18;
    private static final Pattern LOCALE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.@-]{0,62}");
    private static final Pattern ENCODING = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,31}");
    private static final Pattern ROLE = Pattern.compile("[A-Za-z0-9_-]++");
    private static final Pattern ROLE_BEGINS = Pattern.compile("[A-Za-z_]");
    private static final int LONGEST_ROLE = 63;
    private static final Set<String> RESERVED_ROLES =
            Set.of("public", "none", "current_user", "session_user", "current_role");
    private static final Pattern CIDR = Pattern.compile("([^/]+)/([0-9]{1,3})");

    private PostgresRules() {}

    static void check(PostgresConfig postgres, Problems problems) {
        postgres.version().ifPresent(version -> version(version, problems));
        postgres.dataDirectory().ifPresent(directory -> DataDirectoryRules.check(directory, problems));
        hba(postgres.pgHba(), postgres.version(), problems);
        postgres.clientNetworks().forEach(network -> network(network, problems));
        pattern(LOCALE, "postgres.locale", postgres.locale(), "C.UTF-8", problems);
        encoding(postgres, problems);
        roles(postgres, problems);
    }

    private static void version(int version, Problems problems) {
        if (version < OLDEST || version > NEWEST) {
            problems.add(
                    "postgres-version",
                    "postgres.version is " + version + "; pgha knows the major versions " + OLDEST + " to " + NEWEST,
                    "Set one of these, or leave it out to take the one that the distribution ships.");
        }
    }

    private static void hba(List<String> lines, OptionalInt version, Problems problems) {
        HbaFile.parse(lines, version)
                .flaws()
                .forEach(flaw -> problems.add(
                        "postgres-hba",
                        "postgres.pgHba has the line " + Texts.quote(flaw.line())
                                + ", which PostgreSQL would not take: " + flaw.reason(),
                        flaw.since().isPresent()
                                ? "Set postgres.version to " + flaw.since().getAsInt()
                                        + " or later, or write the rules themselves in place of this line."
                                : "Write one rule per line, for example: hostssl all all 10.0.0.0/8 scram-sha-256"));
    }

    private static void network(String network, Problems problems) {
        Matcher matcher = CIDR.matcher(network);
        Optional<Ip> ip = matcher.matches() ? Ip.parse(matcher.group(1)) : Optional.empty();
        int prefix = ip.isPresent() ? Integer.parseInt(matcher.group(2)) : -1;
        if (ip.isEmpty() || prefix > ip.get().bits()) {
            problems.add(
                    "postgres-client-network",
                    "postgres.clientNetworks has " + Texts.quote(network) + ", which is not a network",
                    "Write address/prefix, for example 10.0.0.0/8.");
        } else if (!ip.get().isNetwork(prefix)) {
            problems.add(
                    "postgres-client-network",
                    "postgres.clientNetworks has " + network + ", whose address has bits beyond its prefix of "
                            + prefix,
                    "Write the network's own address before /" + prefix + ", or /"
                            + ip.get().bits() + " for one machine.");
        }
    }

    private static void pattern(Pattern pattern, String path, String value, String example, Problems problems) {
        if (!pattern.matcher(value).matches()) {
            problems.add(
                    path.replace("postgres.", "postgres-"),
                    path + " is " + Texts.quote(value) + ", which cannot be one",
                    "Write for example " + example + ".");
        }
    }

    private static void encoding(PostgresConfig postgres, Problems problems) {
        String encoding = postgres.encoding();
        if (!ENCODING.matcher(encoding).matches()
                || PostgresEncodings.find(encoding).isEmpty()) {
            problems.add(
                    "postgres-encoding",
                    "postgres.encoding is " + Texts.quote(encoding) + ", which "
                            + (PostgresEncodings.ofClients(encoding)
                                    ? "a client can have, but no database"
                                    : "PostgreSQL does not know"),
                    "Write for example UTF8, or leave it out.");
            return;
        }
        PostgresEncodings.clash(postgres.locale(), encoding)
                .ifPresent(own -> problems.add(
                        "postgres-encoding-locale",
                        "postgres.encoding is " + encoding + ", and a database with the locale "
                                + Texts.quote(postgres.locale()) + " must have " + own,
                        "Set postgres.encoding to " + own + ", or take the locale C, which goes with every encoding."));
    }

    private static void roles(PostgresConfig postgres, Problems problems) {
        Map<String, String> roles = new LinkedHashMap<>();
        for (List<String> role : List.of(
                List.of("postgres.superuserName", postgres.superuserName()),
                List.of("postgres.replicationUser", postgres.replicationUser()),
                List.of("postgres.rewindUser", postgres.rewindUser()))) {
            role(role.get(0), role.get(1), problems);
            String other = roles.putIfAbsent(role.get(1), role.get(0));
            if (other != null) {
                problems.add(
                        "postgres-role-duplicate",
                        other + " and " + role.get(0) + " are both " + Texts.quote(role.get(1))
                                + "; each needs its own password and rights",
                        "Give the two different names.");
            }
        }
    }

    private static void role(String path, String name, Problems problems) {
        wrongInRole(name)
                .ifPresent(wrong -> problems.add(
                        "postgres-role",
                        path + " is " + Texts.quote(name) + "; " + wrong,
                        "Choose another name for " + path + "."));
    }

    private static Optional<String> wrongInRole(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (name.isEmpty()) {
            return Optional.of("a role has a name");
        } else if (!ROLE.matcher(name).matches()) {
            return Optional.of("it must be of the letters a to z and A to Z, digits, _ and -");
        } else if (!ROLE_BEGINS.matcher(name).lookingAt()) {
            return Optional.of("it must begin with a letter or _");
        } else if (name.length() > LONGEST_ROLE) {
            return Optional.of("it has " + name.length() + " characters, and PostgreSQL keeps " + LONGEST_ROLE);
        } else if (lower.startsWith("pg_")) {
            return Optional.of("names that begin with pg_ are PostgreSQL's own");
        }
        return RESERVED_ROLES.contains(lower) ? Optional.of("that is a word of PostgreSQL's own") : Optional.empty();
    }
}
