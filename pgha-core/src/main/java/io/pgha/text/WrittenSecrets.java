package io.pgha.text;

import io.pgha.Given;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the secrets that somebody has written into a setting, so that the rest of it can be shown: behind a name that
 * says so, as {@code password=} in a connection, {@code PGPASSWORD=} or {@code --token} in a command, and before the
 * {@code @} of a URI. Where it is not clear where a secret ends, more is covered than it. Stateless.
 */
public final class WrittenSecrets {
    /** What is shown in place of a secret. */
    public static final String COVER = "****";

    private static final Pattern NAME = Pattern.compile(
            "(?:.*[-_.])?(?:pass|pw|sig|secret[-_a-z0-9]*)"
                    + "|.*(?:password|passwd|passphrase|pwd|secret|token|credential|signature"
                    + "|(?:api|access|account|private|secret|encryption|shared|cipher|scram[-_]client|scram[-_]server)[-_.]?key"
                    + "|(?:cipher|user|login|bind|db|my)[-_]?pass)s?[-_]?[0-9]*"
                    + "|ssl_passphrase_command",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_.-]+");
    private static final Pattern ASSIGNED = Pattern.compile("(?:\\\\?[\"'])?\\s*(?:=|:(?!//))\\s*|\\s+(?=')");
    private static final Pattern BEHIND_OPTION = Pattern.compile("\\s+(?!-)");

    private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://[^\\s:/@'\"]*:(\\S*)@");
    private static final Pattern ALL_URI =
            Pattern.compile("\\s*postgres(?:ql)?://[^:/@]*:(.*)@.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** What stands behind these up to the end of the quotes is secret. */
    private static final Pattern LEADING = Pattern.compile("(?i)authorization[\"']?\\s*[:=]\\s*|sshpass\\s+-p\\s*"
            + "|(?<!\\S)(?:-u|--user|--proxy-user)(?:\\s+|=)?[\"']?[^\\s:'\"]+:");

    private static final String IN_SHELL = "'\\''";
    private static final String ESCAPED = "\\\"";

    private WrittenSecrets() {}

    /** Where a secret stands. */
    private record Span(int from, int to) {}

    /**
     * Tells whether a key, parameter, variable or option by its name holds a secret, as {@code app.api_token} does.
     *
     * @param name the name
     * @return true where it says so; not for {@code password_encryption} or {@code passfile}
     */
    public static boolean isNamed(String name) {
        return NAME.matcher(Given.value(name, "name")).matches();
    }

    /**
     * Covers the secrets of a text.
     *
     * @param text a connection, URI, command or other setting, or a text that quotes one
     * @return the text with {@code ****} in place of each secret
     */
    public static String coveredIn(String text) {
        return coveredIn("", text);
    }

    /**
     * Covers the secrets of a value.
     *
     * @param name the name of what has it: where {@linkplain #isNamed it says so}, all of the value is secret
     * @param value the value
     * @return the value with {@code ****} in place of each secret
     */
    public static String coveredIn(String name, String value) {
        return coveredIn(name, value, secret -> COVER);
    }

    /**
     * Covers the secrets of a value in a way of the caller's.
     *
     * @param name the name of what has it: where {@linkplain #isNamed it says so}, all of the value is secret
     * @param value the value
     * @param cover returns what to show in place of a secret
     * @return the value with that in place of each secret
     */
    public static String coveredIn(String name, String value, UnaryOperator<String> cover) {
        Given.value(name, "name");
        Given.value(value, "value");
        Given.value(cover, "cover");
        if (isNamed(name)) {
            return value.isEmpty() ? value : cover.apply(value);
        }
        StringBuilder shown = new StringBuilder();
        int done = 0;
        for (Span span : spans(value)) {
            shown.append(value, done, span.from()).append(cover.apply(value.substring(span.from(), span.to())));
            done = span.to();
        }
        return shown.append(value, done, value.length()).toString();
    }

    /** Returns where secrets stand, in order, and none over another. */
    private static List<Span> spans(String text) {
        List<Span> found = new ArrayList<>();
        uris(text, found);
        assignments(text, found);
        Matcher leading = LEADING.matcher(text);
        while (leading.find()) {
            found.add(new Span(leading.end(), endOfQuotes(text, leading.end())));
        }
        List<Span> spans = new ArrayList<>();
        found.stream()
                .filter(span -> span.from() < span.to())
                .sorted((one, other) -> Integer.compare(one.from(), other.from()))
                .forEach(span -> {
                    int last = spans.size() - 1;
                    if (last >= 0 && span.from() <= spans.get(last).to()) {
                        Span before = spans.remove(last);
                        spans.add(new Span(before.from(), Math.max(before.to(), span.to())));
                    } else {
                        spans.add(span);
                    }
                });
        return spans;
    }

    private static void uris(String text, List<Span> found) {
        Matcher all = ALL_URI.matcher(text);
        if (all.matches()) {
            found.add(new Span(all.start(1), all.end(1)));
            return;
        }
        Matcher uri = URI.matcher(text);
        while (uri.find()) {
            found.add(new Span(uri.start(1), uri.end(1)));
        }
    }

    private static void assignments(String text, List<Span> found) {
        Matcher word = WORD.matcher(text);
        while (word.find()) {
            if (!isNamed(word.group())) {
                continue;
            }
            Matcher assigned = ASSIGNED.matcher(text).region(word.end(), text.length());
            Matcher behind = BEHIND_OPTION.matcher(text).region(word.end(), text.length());
            if (assigned.lookingAt()) {
                found.add(new Span(assigned.end(), end(text, word.start(), assigned.end())));
            } else if (word.group().startsWith("-") && behind.lookingAt()) {
                found.add(new Span(behind.end(), end(text, word.start(), behind.end())));
            }
        }
    }

    /**
     * Returns where a word ends that begins behind a name, by the quotes of libpq and of a shell, whichever reach
     * farther.
     */
    private static int end(String text, int name, int from) {
        for (String quote : List.of(IN_SHELL, ESCAPED)) {
            if (text.startsWith(quote, from)) {
                int close = text.indexOf(quote, from + quote.length());
                return close < 0 ? text.length() : close + quote.length();
            }
        }
        char open = open(text, name);
        boolean query = name > 0 && "?&".indexOf(text.charAt(name - 1)) >= 0;
        char quote = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (Character.isWhitespace(c)
                    || (query && "&#".indexOf(c) >= 0)
                    || (c == open && isOver(text, i + 1))) {
                return i;
            } else if (isQuote(c)) {
                quote = c;
            }
        }
        return text.length();
    }

    private static int endOfQuotes(String text, int from) {
        char open = open(text, from);
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (open == 0 ? Character.isWhitespace(c) : c == open && isOver(text, i + 1)) {
                return open == 0 ? end(text, from, from) : i;
            }
        }
        return text.length();
    }

    /** Returns the quote within which a place stands; 0 where it stands in none. */
    private static char open(String text, int place) {
        char open = 0;
        for (int i = 0; i < place; i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (open == 0 ? isQuote(c) : c == open) {
                open = open == 0 ? c : 0;
            }
        }
        return open;
    }

    /** Tells whether a quote before a place closes a word; within one it may be a part of the secret. */
    private static boolean isOver(String text, int place) {
        return place >= text.length()
                || Character.isWhitespace(text.charAt(place))
                || ";|&)".indexOf(text.charAt(place)) >= 0;
    }

    private static boolean isQuote(char c) {
        return c == '\'' || c == '"';
    }
}
