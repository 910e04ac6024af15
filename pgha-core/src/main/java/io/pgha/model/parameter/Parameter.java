package io.pgha.model.parameter;

import io.pgha.Given;
import io.pgha.text.Nearest;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One parameter of PostgreSQL, and the values that both PostgreSQL and Patroni take for it.
 *
 * <p>Patroni has rules of its own and silently leaves out or changes what breaks them: a number out of range is moved
 * to the nearest limit, {@code t} is no boolean. A value that only one of the two takes is therefore a problem.
 * Immutable and thread-safe.
 */
public final class Parameter {
    private static final Set<String> TRUE = Set.of("on", "true", "yes", "1");
    private static final Set<String> FALSE = Set.of("off", "false", "no", "0");

    private static final List<String> FLAGS = List.of("on", "off", "true", "false", "yes", "no");

    private static final Pattern WORDS = Pattern.compile("(?:[a-z][a-z0-9_-]*+(?:\\s*+,\\s*+[a-z][a-z0-9_-]*+)*+)?");

    /** Words that PostgreSQL takes and shows as others. */
    private static final Map<String, Map<String, String>> SYNONYMS =
            Map.of("wal_level", Map.of("hot_standby", "replica"), "wal_compression", Map.of("on", "pglz"));

    /** Values that stand for one that PostgreSQL works out at its start and shows instead. */
    private static final Map<String, String> AUTOMATIC = Map.of(
            "wal_buffers", "-1",
            "commit_timestamp_buffers", "0",
            "subtransaction_buffers", "0",
            "transaction_buffers", "0");

    /** Below these Patroni (4.0) moves a value that PostgreSQL 17 would take. */
    private static final Map<String, Double> PATRONI_LEAST = Map.of("maintenance_work_mem", 1024.0);

    /** Debian's server is built without what these would switch on. */
    private static final Set<String> NOT_BUILT = Set.of("bonjour");

    /** Counted in pages, of which the server takes whole banks only. */
    private static final Set<String> BANKS = Set.of(
            "commit_timestamp_buffers",
            "multixact_member_buffers",
            "multixact_offset_buffers",
            "notify_buffers",
            "serializable_buffers",
            "subtransaction_buffers",
            "transaction_buffers");

    private static final int BANK = 16;

    /** Zero switches these off; what is above it must be at least so much. */
    private static final Map<String, Double> LEAST_ABOVE_ZERO = Map.of("vacuum_buffer_usage_limit", 128.0);

    /** What cannot stand in a file although it can be set in a session. */
    private static final Set<String> SESSION_ONLY =
            Set.of("transaction_isolation", "transaction_read_only", "transaction_deferrable");

    /** Texts in which PostgreSQL does not tell capitals from small letters. */
    private static final Set<String> CASE_INSENSITIVE =
            Set.of("timezone", "log_timezone", "timezone_abbreviations", "datestyle", "client_encoding");

    private static final double SHOWN_DIGITS = 1e-5;

    private final String name;
    private final ParameterKind kind;
    private final ParameterContext context;
    private final Optional<String> unit;
    private final double least;
    private final double most;
    private final List<String> words;

    Parameter(
            String name,
            ParameterKind kind,
            ParameterContext context,
            Optional<String> unit,
            double least,
            double most,
            List<String> words) {
        this.name = name;
        this.kind = kind;
        this.context = context;
        this.unit = unit;
        this.least = Math.max(least, PATRONI_LEAST.getOrDefault(name, least));
        this.most = most;
        this.words = List.copyOf(words);
    }

    /**
     * Returns the name.
     *
     * @return the name as {@code pg_settings} has it, for example {@code work_mem} or {@code TimeZone}
     */
    public String name() {
        return name;
    }

    /**
     * Returns what its values are.
     *
     * @return the kind
     */
    public ParameterKind kind() {
        return kind;
    }

    /**
     * Returns who can change it and when.
     *
     * @return the context; {@link ParameterContext#POSTMASTER} needs a restart
     */
    public ParameterContext context() {
        return context;
    }

    /**
     * Returns the unit of a number that is written without one, and of {@code pg_settings.setting}.
     *
     * @return for example {@code kB}, {@code 8kB} or {@code ms}; empty where numbers have none
     */
    public Optional<String> unit() {
        return unit;
    }

    /**
     * Tells whether its values are lists, with commas between the items.
     *
     * @return true for {@code shared_preload_libraries} and its like
     */
    public boolean takesList() {
        return kind == ParameterKind.STRING && TextSyntax.takesList(lower(name));
    }

    /**
     * Returns the number that a value stands for.
     *
     * @param value the value as it is written, for example {@code 2MB}
     * @return the number in {@link #unit()}, for example 2048; empty where the value, or every value of this parameter,
     *     is no number
     */
    public Optional<Double> number(String value) {
        return switch (kind) {
            case INTEGER -> quantity().whole(value);
            case REAL -> quantity().real(value);
            case BOOL, ENUM, STRING -> Optional.empty();
        };
    }

    /**
     * Tells what speaks against a value in a configuration file.
     *
     * @param value the value as it is written, for example {@code 64MB}; {@code true} for a native boolean
     * @return the reason in words, for example {@code it must be from 64kB to 2147483647kB}; empty where PostgreSQL and
     *     Patroni both take the value as it is
     */
    public Optional<String> problem(String value) {
        if (context == ParameterContext.INTERNAL) {
            return Optional.of("it can only be read; PostgreSQL decides it elsewhere");
        }
        if (SESSION_ONLY.contains(name)) {
            return Optional.of("it can be set in a transaction only");
        }
        return switch (kind) {
            case BOOL -> flagProblem(value);
            case ENUM -> wordProblem(value);
            case INTEGER -> numberProblem(value, quantity().whole(value), "a whole number");
            case REAL -> numberProblem(value, quantity().real(value), "a number");
            case STRING -> TextSyntax.problem(lower(name), value);
        };
    }

    /**
     * Tells whether what was asked for and what a server shows mean the same: {@code 64MB} and {@code 65536},
     * {@code yes} and {@code on}. Where the asked value leaves the choice to PostgreSQL ({@code wal_buffers} of -1),
     * every setting does.
     *
     * @param asked the value as it was written
     * @param setting {@code pg_settings.setting}: a number in {@link #unit()}, or a word or text
     * @return true where they mean the same
     */
    public boolean means(String asked, String setting) {
        return switch (kind) {
            case BOOL -> flag(asked).isPresent() ? flag(asked).equals(flag(setting)) : asked.equalsIgnoreCase(setting);
            case ENUM -> canonical(asked).equals(canonical(setting));
            case INTEGER ->
                meansNumber(quantity().whole(asked), quantity().whole(setting), 0)
                        || asked.strip().equals(AUTOMATIC.get(name));
            case REAL -> meansNumber(quantity().real(asked), quantity().real(setting), SHOWN_DIGITS);
            case STRING ->
                CASE_INSENSITIVE.contains(lower(name)) ? asked.equalsIgnoreCase(setting) : asked.equals(setting);
        };
    }

    /**
     * Tells whether a server goes on as before when one value is written in place of another: both PostgreSQL and
     * Patroni, which compares by rules of its own, take them for the same. {@code 5GB} and {@code 5120MB} are alike,
     * {@code Replica} and {@code replica}, {@code yes} and {@code on} of a boolean.
     *
     * @param before the value as it was written
     * @param after the value as it is written now
     * @return true where nothing changes, and nothing waits for a restart
     */
    public boolean alike(String before, String after) {
        Given.value(before, "before");
        Given.value(after, "after");
        return before.equals(after)
                || switch (kind) {
                    case BOOL -> flag(before).isPresent() && flag(before).equals(flag(after));
                    case ENUM -> before.equalsIgnoreCase(after);
                    case INTEGER, REAL ->
                        number(before).isPresent() && number(before).equals(number(after));
                    case STRING -> false;
                };
    }

    /**
     * Returns the name, the kind and the values that it takes.
     *
     * @return for example {@code work_mem: 64kB to 2147483647kB}
     */
    @Override
    public String toString() {
        return name + ": " + values();
    }

    private Quantity quantity() {
        return Quantity.in(unit);
    }

    private static boolean meansNumber(Optional<Double> asked, Optional<Double> setting, double tolerance) {
        return asked.isPresent()
                && setting.isPresent()
                && Math.abs(asked.get() - setting.get()) <= tolerance * Math.abs(setting.get());
    }

    private Optional<String> numberProblem(String value, Optional<Double> number, String noun) {
        if (number.isEmpty()) {
            String text = value.strip();
            String tail = text.replaceFirst("^[-+]?[0-9.]+\\s*", "");
            List<String> units = quantity().units();
            if (units.isEmpty() || tail.equals(text) || tail.isEmpty()) {
                return Optional.of("it must be " + noun + (units.isEmpty() ? " without a unit" : example()));
            }
            String known = String.join(", ", units);
            String nearest = units.stream()
                    .filter(unit -> unit.equalsIgnoreCase(tail))
                    .findFirst()
                    .map(unit -> "; did you mean " + text.substring(0, text.length() - tail.length()) + unit + "?")
                    .orElse("");
            return Optional.of("its unit must be one of " + known + ", in exactly these letters" + nearest);
        }
        return number.flatMap(this::rangeProblem);
    }

    private Optional<String> rangeProblem(double number) {
        double aboveZero = LEAST_ABOVE_ZERO.getOrDefault(name, least);
        if (number < least || number > most) {
            return Optional.of("it must be " + values());
        } else if (number > 0 && number < aboveZero) {
            return Optional.of("it must be 0, or at least " + plain(aboveZero) + unit.orElse(""));
        } else if (BANKS.contains(name) && number % BANK != 0) {
            return Optional.of("it must be a multiple of " + BANK + " (counted in " + unit.orElse("") + ")");
        }
        return Optional.empty();
    }

    private Optional<String> flagProblem(String value) {
        Optional<Boolean> flag = flag(value);
        if (flag.isEmpty()) {
            return Optional.of("it must be on or off");
        }
        return flag.filter(on -> on && NOT_BUILT.contains(name))
                .map(on -> "it must be off, for Debian's server is built without it");
    }

    private String example() {
        return ", with a unit such as " + quantity().units().get(2) + " or without one (then it counts "
                + unit.orElse("") + ")";
    }

    /**
     * Tells whether other versions may take a value that this one does not: words for what is a boolean or one of some
     * words here. What looks like a mistake in one of today's words is none.
     */
    boolean mayTakeElsewhere(String value) {
        if (context == ParameterContext.INTERNAL || SESSION_ONLY.contains(name)) {
            return false;
        }
        String text = lower(value).strip();
        boolean begun = !text.isEmpty() && FLAGS.stream().anyMatch(word -> word.startsWith(text));
        return switch (kind) {
            case BOOL -> !begun && isNew(text, FLAGS);
            case ENUM -> isNew(text, words);
            case INTEGER, REAL, STRING -> false;
        };
    }

    private static boolean isNew(String text, Collection<String> known) {
        return WORDS.matcher(text).matches() && Nearest.of(text, known).isEmpty();
    }

    private Optional<String> wordProblem(String value) {
        String word = canonical(value);
        if (words.stream().anyMatch(it -> lower(it).equals(word)) || synonyms().containsValue(word)) {
            return Optional.empty();
        }
        return Optional.of("it must be " + values()
                + Nearest.of(word, words)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse(""));
    }

    private String values() {
        return switch (kind) {
            case BOOL -> "on or off";
            case ENUM ->
                "one of "
                        + String.join(
                                ", ",
                                words.stream()
                                        .map(word -> word.isEmpty() ? "''" : word)
                                        .toList());
            case STRING -> "a text";
            case INTEGER -> "from " + amount(least) + " to " + amount(most);
            case REAL -> "from " + plain(least) + unit.orElse("") + " to " + plain(most) + unit.orElse("");
        };
    }

    /** Where PostgreSQL counts in pages, the unit has a number of its own: {@code 8kB}. */
    private String amount(double number) {
        String counted = unit.orElse("");
        String word = counted.replaceFirst("^[0-9]+", "");
        long factor = word.length() == counted.length()
                ? 1
                : Long.parseLong(counted.substring(0, counted.length() - word.length()));
        return Math.round(number) * factor + word;
    }

    private static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? Long.toString(Math.round(number))
                : Double.toString(number);
    }

    /** Returns the word as PostgreSQL would show it, in small letters. */
    private String canonical(String word) {
        String lower = lower(word);
        boolean switches = words.contains("on") && words.contains("off");
        String plain = switches ? flag(lower).map(on -> on ? "on" : "off").orElse(lower) : lower;
        return synonyms().getOrDefault(plain, plain);
    }

    private Map<String, String> synonyms() {
        return SYNONYMS.getOrDefault(name, Map.of());
    }

    /**
     * Returns what PostgreSQL and Patroni both read as true or false.
     *
     * @param value the value of a parameter, in any case
     * @return true for {@code on}, {@code true}, {@code yes} and {@code 1}, false for their opposites; empty for
     *     anything else
     */
    public static Optional<Boolean> flag(String value) {
        String lower = lower(Given.value(value, "value"));
        return TRUE.contains(lower) ? Optional.of(true) : FALSE.contains(lower) ? Optional.of(false) : Optional.empty();
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
