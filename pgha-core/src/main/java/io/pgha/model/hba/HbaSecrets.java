package io.pgha.model.hba;

import io.pgha.Given;
import io.pgha.text.WrittenSecrets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the secrets in lines of {@code pg_hba.conf}, those of {@code ldapbindpasswd} and {@code radiussecrets}, so that
 * the rest can be shown. Lines that PostgreSQL would not take are read, too: a secret lasts up to the next option.
 * Stateless.
 */
public final class HbaSecrets {
    /** Misspelt ones, too. */
    private static final Pattern OPTION = Pattern.compile(
            "(?:[a-z_]*(?:pas+w|passphrase|pwd|bindpw|secret|secrt)[a-z_]*\"*\\s*=|(?:ldapbindpasswd|radiussecrets?)(?=\\s))\\s*",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern NEXT = Pattern.compile(
            "\\s+\"?(?:" + String.join("|", HbaOptions.names()) + ")\"?\\s*=", Pattern.CASE_INSENSITIVE);

    /** What PostgreSQL quotes of a line: a part of a secret, where one is cut in two by a blank. */
    private static final Pattern QUOTED = Pattern.compile("(\"|: ).*");

    private HbaSecrets() {}

    /** Where a secret stands. */
    private record Span(int from, int to) {}

    /**
     * Covers the secrets of a line.
     *
     * @param line the line
     * @return the line with {@code ****} in place of each secret
     */
    public static String coveredIn(String line) {
        return String.join("", coveredIn(List.of(Given.value(line, "line")), secret -> WrittenSecrets.COVER));
    }

    /**
     * Covers what a server may have quoted of a secret, where it says what is wrong with lines.
     *
     * @param lines all lines of the file
     * @param error what the server says of one of them
     * @return the same without what is quoted, where a secret is in the lines
     */
    public static String coveredError(List<String> lines, String error) {
        Given.value(lines, "lines");
        Given.value(error, "error");
        boolean secrets = !coveredIn(lines).equals(lines);
        return coveredIn(secrets ? QUOTED.matcher(error).replaceFirst("$1" + WrittenSecrets.COVER) : error);
    }

    /**
     * Covers the secrets of lines, of which one may go on in the next one behind a backslash.
     *
     * @param lines the lines in order
     * @return as many lines, with {@code ****} in place of each secret
     */
    public static List<String> coveredIn(List<String> lines) {
        return coveredIn(lines, secret -> WrittenSecrets.COVER);
    }

    /**
     * Covers the secrets of lines in a way of the caller's.
     *
     * @param lines the lines in order
     * @param cover returns what to show in place of a secret
     * @return as many lines, with that in place of each secret
     */
    public static List<String> coveredIn(List<String> lines, UnaryOperator<String> cover) {
        Given.value(lines, "lines");
        Given.value(cover, "cover");
        List<String> covered = new ArrayList<>();
        List<String> joined = new ArrayList<>();
        for (String line : lines) {
            joined.add(line);
            if (!line.endsWith("\\")) {
                covered.addAll(whole(joined, cover));
                joined.clear();
            }
        }
        covered.addAll(whole(joined, cover));
        return List.copyOf(covered);
    }

    /** Covers a line that is written in several. */
    private static List<String> whole(List<String> lines, UnaryOperator<String> cover) {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            text.append(line, 0, line.length() - (line.endsWith("\\") ? 1 : 0));
        }
        List<Span> spans = spans(text.toString());
        List<String> covered = new ArrayList<>();
        int begin = 0;
        for (String line : lines) {
            String end = line.endsWith("\\") ? "\\" : "";
            int length = line.length() - end.length();
            covered.add(part(line, begin, begin + length, spans, cover) + end);
            begin += length;
        }
        return covered;
    }

    private static String part(String line, int begin, int end, List<Span> spans, UnaryOperator<String> cover) {
        StringBuilder shown = new StringBuilder();
        int done = begin;
        for (Span span : spans) {
            int from = Math.max(span.from(), begin);
            int to = Math.min(span.to(), end);
            if (from < to) {
                shown.append(line, done - begin, from - begin)
                        .append(cover.apply(line.substring(from - begin, to - begin)));
                done = to;
            }
        }
        return shown.append(line, done - begin, end - begin).toString();
    }

    private static List<Span> spans(String line) {
        List<Span> spans = new ArrayList<>();
        Matcher option = OPTION.matcher(line);
        int at = 0;
        while (option.find(at)) {
            at = Math.max(option.end(), end(line, option.end()));
            spans.add(new Span(option.end(), at));
        }
        return spans;
    }

    /** A quote that began before the secret ends behind it, and stays. */
    private static int end(String line, int from) {
        boolean outer = line.chars().limit(from).filter(c -> c == '"').count() % 2 == 1;
        boolean quoted = outer;
        int end = from;
        while (end < line.length()
                && (quoted || !NEXT.matcher(line).region(end, line.length()).lookingAt())) {
            quoted ^= line.charAt(end) == '"';
            end++;
        }
        while (end > from && Character.isWhitespace(line.charAt(end - 1))) {
            end--;
        }
        return outer && !quoted && end > from && line.charAt(end - 1) == '"' ? end - 1 : end;
    }
}
