package io.pgha.model.parameter;

import io.pgha.text.Nearest;
import io.pgha.text.PostgresEncodings;
import io.pgha.text.PostgresList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
                            "european",
                            "mdy",
                            "us",
                            "noneuro",
                            "noneuropean",
                            "default"),
            "debug_io_direct", List.of("data", "wal", "wal_init"),
            "log_destination", List.of("stderr", "csvlog", "jsonlog", "syslog"),
            "recovery_target", List.of("immediate"),
            "restrict_nonsystem_relation_kind", List.of("view", "foreign-table"));

    /** Lists of names that only the server knows. */
    private static final Set<String> NAMES = Set.of(
            "search_path",
            "temp_tablespaces",
            "wal_consistency_checking",
            "synchronized_standby_slots",
            "output_plugin_libraries");

    /** Lists of files; of one with an empty item PostgreSQL would load nothing at all. */
    private static final Set<String> LIBRARIES =
            Set.of("shared_preload_libraries", "session_preload_libraries", "local_preload_libraries");

    private static final String FILE = "\\s*(?:\"(?=[^\"]|\"\")[^\"]*+(?:\"\"[^\"]*+)*+\"|[^\",\\s][^,]*)\\s*";
    private static final Pattern FILES = Pattern.compile("\\s*|" + FILE + "(?:," + FILE + ")*");

    private static final String STYLE = "datestyle";

    /** Of each of these rows a {@code DateStyle} can have one at most; what stands in one row with | between means the same. */
    private static final List<List<String>> STYLES = List.of(
            List.of("iso", "sql", "postgres", "german"),
            List.of("ymd", "dmy|euro|european", "mdy|us|noneuro|noneuropean"));

    private static final Set<String> ZONES = Set.of("timezone", "log_timezone");
    private static final Pattern ABBREVIATIONS = Pattern.compile("[A-Za-z]+");
    private static final Set<String> NEVER_EMPTY =
            Set.of("timezone", "log_timezone", "lc_messages", "client_encoding", "default_table_access_method");

    /** Further lists, of which PostgreSQL checks nothing, or more than the syntax of a list. */
    private static final Set<String> OTHER_LISTS =
            Set.of("listen_addresses", "synchronous_standby_names", "unix_socket_directories");

    private static final String STANDBY = "(?:(?!(?i:any|first)(?![A-Za-z0-9_$[^\\x00-\\x7F]]))"
            + "[A-Za-z_[^\\x00-\\x7F]][A-Za-z0-9_$[^\\x00-\\x7F]]*+|[0-9]++|\\*|\"[^\"]*+(?:\"\"[^\"]*+)*+\")";
    private static final String STANDBYS = STANDBY + "(?:\\s*,\\s*" + STANDBY + ")*";
    private static final Pattern SYNCHRONOUS = Pattern.compile(
            "|\\s*(?:" + STANDBYS + "|(?:(?i:any|first)\\s+)?0*[1-9][0-9]*\\s*\\(\\s*" + STANDBYS + "\\s*\\))\\s*");

    private TextSyntax() {}

    /** Tells what speaks against the value of a parameter, whose name is in small letters. */
    static Optional<String> problem(String name, String value) {
        if (value.isEmpty() && NEVER_EMPTY.contains(name)) {
            return Optional.of("it must not be empty");
        } else if (name.equals(STYLE)) {
            return words(WORDS.getOrDefault(name, List.of()), value).or(() -> styles(value));
        } else if (name.equals("client_encoding")) {
            return unless(
                    PostgresEncodings.find(value).isPresent() || PostgresEncodings.ofClients(value),
                    "it must be an encoding such as UTF8");
        } else if (name.equals("timezone_abbreviations")) {
            return unless(ABBREVIATIONS.matcher(value).matches(), "it must be a name of letters such as Default");
        } else if (WORDS.containsKey(name)) {
            return words(WORDS.getOrDefault(name, List.of()), value);
        } else if (ZONES.contains(name)) {
            return TimeZones.problem(value);
        } else if (name.equals("synchronous_standby_names")) {
            return unless(
                    SYNCHRONOUS.matcher(value).matches(),
                    "it must be written as FIRST 1 (a, \"b-1\")"
                            + " or ANY 1 (a, \"b-1\"), a name in quotes where it has more than letters, digits and _");
        }
        boolean list = NAMES.contains(name)
                ? PostgresList.read(value).isPresent()
                : !LIBRARIES.contains(name) || FILES.matcher(value).matches();
        return unless(list, "it must be a list such as a, \"b c\", without empty items");
    }

    /** Tells whether values of a parameter, whose name is in small letters, are lists. */
    static boolean takesList(String name) {
        return NAMES.contains(name)
                || LIBRARIES.contains(name)
                || OTHER_LISTS.contains(name)
                || (WORDS.containsKey(name) && !name.equals("recovery_target"));
    }

    private static Optional<String> styles(String value) {
        List<String> items = PostgresList.read(value).orElse(List.of()).stream()
                .map(item -> item.toLowerCase(Locale.ROOT))
                .toList();
        return STYLES.stream()
                .map(row -> row.stream()
                        .filter(same -> List.of(same.split("\\|")).stream().anyMatch(items::contains))
                        .toList())
                .filter(found -> found.size() > 1)
                .findFirst()
                .map(found ->
                        "it must not be both " + String.join(" and ", found).replaceAll("\\|[a-z|]+", ""));
    }

    private static Optional<String> words(List<String> known, String value) {
        return PostgresList.read(value).orElse(List.of("")).stream()
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
