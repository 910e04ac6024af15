package io.pgha.patroni.internal.text;

import java.util.List;

/** Draws tables as patronictl does. Stateless. */
public final class TextTable {
    private TextTable() {}

    /** A column's head, and on which side its cells stand. */
    public record Head(String title, boolean right) {}

    /**
     * Draws a table.
     *
     * @param title stands in the top rule, cut to its width; may be empty
     * @param rows for each row its cells, for each cell its lines
     */
    public static String draw(String title, List<Head> heads, List<List<List<String>>> rows) {
        int[] widths = new int[heads.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = width(heads.get(i).title());
            for (List<List<String>> row : rows) {
                for (String line : row.get(i)) {
                    widths[i] = Math.max(widths[i], width(line));
                }
            }
        }
        boolean ruled = rows.stream().flatMap(List::stream).anyMatch(cell -> cell.size() > 1);
        String rule = rule(widths);
        StringBuilder text = new StringBuilder(titled(rule, title)).append('\n');
        text.append(line(heads, widths, heads.stream().map(Head::title).toList()))
                .append('\n');
        text.append(rule);
        for (int r = 0; r < rows.size(); r++) {
            if (ruled && r > 0) {
                text.append('\n').append(rule);
            }
            row(text, heads, widths, rows.get(r));
        }
        return text.append('\n').append(rule).toString();
    }

    private static int width(String text) {
        return text.length();
    }

    private static String titled(String rule, String title) {
        String cut = title.substring(0, Math.min(title.length(), rule.length() - 2));
        return rule.charAt(0) + cut + rule.substring(1 + cut.length());
    }

    private static String rule(int[] widths) {
        StringBuilder rule = new StringBuilder("+");
        for (int width : widths) {
            rule.append("-".repeat(width + 2)).append('+');
        }
        return rule.toString();
    }

    private static void row(StringBuilder text, List<Head> heads, int[] widths, List<List<String>> cells) {
        int height = cells.stream().mapToInt(List::size).max().orElse(1);
        for (int h = 0; h < height; h++) {
            int at = h;
            text.append('\n')
                    .append(line(
                            heads,
                            widths,
                            cells.stream()
                                    .map(cell -> at < cell.size() ? cell.get(at) : "")
                                    .toList()));
        }
    }

    private static String line(List<Head> heads, int[] widths, List<String> cells) {
        StringBuilder line = new StringBuilder("|");
        for (int i = 0; i < widths.length; i++) {
            String space = " ".repeat(widths[i] - width(cells.get(i)));
            line.append(' ');
            line.append(heads.get(i).right() ? space + cells.get(i) : cells.get(i) + space);
            line.append(" |");
        }
        return line.toString();
    }
}
