package io.pgha.model.parameter;

import io.pgha.text.Nearest;
import io.pgha.text.PostgresEncodings;
import io.pgha.text.PostgresList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Judges texts of which PostgreSQL checks the syntax, as far as that can be told without the server. Stateless. */
final class TextSyntax {
    /** Words of which a text is a list, as the server checks it; {@code pg_settings} does not tell them. */
    private static final Map<String, List<String>> WORDS = Map.of(
            "createrole_self_grant", List.of("set", "inherit"),
            "datestyle",
                    List.of(
                            "iso",
                            "sql",
                            "postgres",
                            "german",
                            "ymd",
                            "dmy",
                            "euro",
                            "mdy",
                            "us",
                            "noneuro",
                            "default"),
            "debug_io_direct", List.of("data", "wal", "wal_init"),
            "log_destination", List.of("stderr", "csvlog", "jsonlog", "syslog"),
            "recovery_target", List.of("immediate"),
            "restrict_nonsystem_relation_kind", List.of("view", "foreign-table"));

    /** Lists of names that only the server knows. */
    private static final Set<String> NAMES =
            Set.of("search_path", "temp_tablespaces", "wal_consistency_checking", "output_plugin_libraries");

    /** Lists of files; of one with an empty item PostgreSQL would load nothing at all. */
    private static final Set<String> LIBRARIES =
            Set.of("shared_preload_libraries", "session_preload_libraries", "local_preload_libraries");

    private static final String FILE = "\\s*(?:\"(?=[^\"]|\"\")[^\"]*+(?:\"\"[^\"]*+)*+\"|[^\",\\s][^,]*)\\s*";
    private static final Pattern FILES = Pattern.compile("\\s*|" + FILE + "(?:," + FILE + ")*");

    private static final String STYLE = "datestyle";

    /**
     * Of each of these rows a {@code DateStyle} can have one at most; the words within one of their items mean the
     * same.
     */
    private static final List<List<List<String>>> STYLES = List.of(
            List.of(List.of("iso"), List.of("sql"), List.of("postgres"), List.of("german")),
            List.of(List.of("ymd"), List.of("dmy", "euro"), List.of("mdy", "us", "noneuro")));

    /** PostgreSQL reads no more of these words than so. */
    private static final List<String> STYLES_IN_SHORT = List.of("euro", "noneuro", "postgres");

    private static final Pattern ABBREVIATIONS = Pattern.compile("[A-Za-z]+");
    private static final Pattern FUNCTIONS = Pattern.compile("[A-Za-z0-9_, \\n\\t]*");
    private static final Pattern SLOT = Pattern.compile("[a-z0-9_]{1,63}");
    private static final Set<String> NEVER_EMPTY =
            Set.of("timezone", "log_timezone", "lc_messages", "client_encoding", "default_table_access_method");

    /** Further lists, of which PostgreSQL checks nothing, or more than the syntax of a list. */
    private static final Set<String> OTHER_LISTS = Set.of(
            "listen_addresses", "synchronized_standby_slots", "synchronous_standby_names", "unix_socket_directories");

    private static final String STANDBY = "(?:(?!(?i:any|first)(?![A-Za-z0-9_$[^\\x00-\\x7F]]))"
            + "[A-Za-z_[^\\x00-\\x7F]][A-Za-z0-9_$[^\\x00-\\x7F]]*+|[0-9]++|\\*|\"[^\"]*+(?:\"\"[^\"]*+)*+\")";
    private static final String STANDBYS = STANDBY + "(?:\\s*,\\s*" + STANDBY + ")*";
    private static final Pattern SYNCHRONOUS = Pattern.compile(
            "|\\s*(?:" + STANDBYS + "|(?:(?i:any|first)\\s+)?0*[1-9][0-9]*\\s*\\(\\s*" + STANDBYS + "\\s*\\))\\s*");

    /**
     * What the server checks of one parameter's text by a rule of its own, besides those that are words or plain lists.
     */
    private static final Map<String, Function<String, Optional<String>>> RULES = Map.of(
            "datestyle", TextSyntax::dateStyle,
            "client_encoding", TextSyntax::clientEncoding,
            "timezone", TimeZones::problem,
            "log_timezone", TimeZones::problem,
            "timezone_abbreviations", matching(ABBREVIATIONS, "it must be a name of letters such as Default"),
            "backtrace_functions", matching(FUNCTIONS, "it must be a list of names of C functions, such as a, b_1"),
            "synchronized_standby_slots", TextSyntax::slots,
            "synchronous_standby_names",
                    matching(
                            SYNCHRONOUS,
                            "it must be written as FIRST 1 (a, \"b-1\")"
                                    + " or ANY 1 (a, \"b-1\"), a name in quotes where it has more than letters, digits and _"));

    private TextSyntax() {}

    /** Tells what speaks against the value of a parameter, whose name is in small letters. */
    static Optional<String> problem(String name, String value) {
        if (value.isEmpty() && NEVER_EMPTY.contains(name)) {
            return Optional.of("it must not be empty");
        }
        Function<String, Optional<String>> rule = RULES.get(name);
        if (rule != null) {
            return rule.apply(value);
        }
        List<String> words = WORDS.get(name);
        return words != null
                ? words(words, PostgresList.read(value))
                : unless(isList(name, value), "it must be a list such as a, \"b c\", without empty items");
    }

    private static boolean isList(String name, String value) {
        return NAMES.contains(name)
                ? PostgresList.read(value).isPresent()
                : !LIBRARIES.contains(name) || FILES.matcher(value).matches();
    }

    private static Optional<String> dateStyle(String value) {
        return words(WORDS.getOrDefault(STYLE, List.of()), styles(value)).or(() -> conflict(styles(value)));
    }

    private static Optional<String> clientEncoding(String value) {
        return unless(
                PostgresEncodings.find(value).isPresent() || PostgresEncodings.ofClients(value),
                "it must be an encoding such as UTF8");
    }

    private static Optional<String> slots(String value) {
        return unless(
                PostgresList.read(value)
                        .filter(slots -> slots.stream()
                                .allMatch(slot -> SLOT.matcher(slot).matches()))
                        .isPresent(),
                "it must be a list of slots such as a, b_1: small letters, digits and _, at most 63");
    }

    private static Function<String, Optional<String>> matching(Pattern pattern, String problem) {
        return value -> unless(pattern.matcher(value).matches(), problem);
    }

    /** Tells whether values of a parameter, whose name is in small letters, are lists. */
    static boolean takesList(String name) {
        return NAMES.contains(name)
                || LIBRARIES.contains(name)
                || OTHER_LISTS.contains(name)
                || (WORDS.containsKey(name) && !name.equals("recovery_target"));
    }

    /** Returns the items in small letters, as short as PostgreSQL reads them. */
    private static Optional<List<String>> styles(String value) {
        return PostgresList.read(value)
                .map(items -> items.stream()
                        .map(item -> item.toLowerCase(Locale.ROOT))
                        .map(item -> STYLES_IN_SHORT.stream()
                                .filter(item::startsWith)
                                .findFirst()
                                .orElse(item))
                        .toList());
    }

    private static Optional<String> conflict(Optional<List<String>> styles) {
        List<String> items = styles.orElse(List.of());
        return STYLES.stream()
                .map(row -> row.stream()
                        .filter(same -> same.stream().anyMatch(items::contains))
                        .map(same -> same.get(0))
                        .toList())
                .filter(found -> found.size() > 1)
                .findFirst()
                .map(found -> "it must not be both " + String.join(" and ", found));
    }

    private static Optional<String> words(List<String> known, Optional<List<String>> items) {
        return items.orElse(List.of("")).stream()
                .map(item -> item.toLowerCase(Locale.ROOT))
                .filter(item -> !known.contains(item))
                .findFirst()
                .map(item -> "it must be " + (known.size() == 1 ? "" : "a list of ") + String.join(", ", known)
                        + Nearest.of(item, known)
                                .map(near -> "; did you mean " + near + "?")
                                .orElse(""));
    }

    private static Optional<String> unless(boolean fine, String problem) {
        return fine ? Optional.empty() : Optional.of(problem);
    }
}
