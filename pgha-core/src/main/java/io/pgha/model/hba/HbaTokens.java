package io.pgha.model.hba;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Cuts lines of {@code pg_hba.conf} into fields, and fields at their commas, as PostgreSQL's {@code next_token} does.
 * Stateless.
 */
final class HbaTokens {
    private HbaTokens() {}

    /**
     * One word.
     *
     * @param text the word without its quotes
     * @param quoted whether it began with a quote, so that it has no special meaning
     */
    record Token(String text, boolean quoted) {
        boolean is(String keyword) {
            return !quoted && text.equals(keyword);
        }
    }

    /** Returns the fields of a line, a comment left out; empty where a quote is not closed. */
    static Optional<List<List<Token>>> fields(String line) {
        List<List<Token>> fields = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inQuote = false;
        boolean startedQuoted = false;
        boolean began = false;
        boolean afterComma = false;
        for (int i = 0; i <= line.length(); i++) {
            char c = i < line.length() ? line.charAt(i) : '\n';
            boolean blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
            boolean comment = c == '#' && !inQuote;
            if (began && !(inQuote && i < line.length()) && (blank || comment || c == ',')) {
                if (!afterComma || fields.isEmpty()) {
                    fields.add(new ArrayList<>());
                }
                fields.get(fields.size() - 1).add(new Token(word.toString(), startedQuoted));
                word.setLength(0);
                began = false;
                startedQuoted = false;
                afterComma = c == ',';
            } else if (c == '"') {
                startedQuoted |= !began;
                boolean doubled = inQuote && i + 1 < line.length() && line.charAt(i + 1) == '"';
                if (doubled) {
                    word.append('"');
                    i++;
                } else {
                    inQuote = !inQuote;
                }
                began = true;
            } else if (inQuote || !(blank || c == ',' || comment)) {
                word.append(c);
                began = true;
            }
            if (comment) {
                break;
            }
        }
        return inQuote ? Optional.empty() : Optional.of(fields);
    }
}
