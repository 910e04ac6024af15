package io.pgha.run;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * As much of a terminal as the console writes to: it wraps behind its last column, and clears only the row it is in.
 */
final class Screen {
    private final int width;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final List<List<String>> rows = new ArrayList<>(List.of(new ArrayList<>()));
    private int row;
    private int column;

    Screen(int width) {
        this.width = width;
    }

    PrintStream stream() {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    /** Returns what is to be seen now. */
    List<String> rows() {
        String text;
        synchronized (bytes) { // as its own methods do
            text = bytes.toString(StandardCharsets.UTF_8);
            bytes.reset();
        }
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            if (text.startsWith("\u001b[K", at)) {
                rows.get(row)
                        .subList(
                                Math.min(column, rows.get(row).size()),
                                rows.get(row).size())
                        .clear();
                at += 2;
            } else {
                type(text.codePointAt(at));
            }
        }
        return rows.stream().map(cells -> String.join("", cells)).toList();
    }

    private void type(int point) {
        switch (point) {
            case '\r' -> column = 0;
            case '\n' -> nextRow();
            case '\u0301' -> cell(column - 1, cells().get(column - 1) + "\u0301");
            default -> {
                if (point < ' ') {
                    throw new AssertionError("a control character: " + point);
                }
                int wide = "漢語🚀".contains(Character.toString(point)) ? 2 : 1;
                if (column + wide > width) {
                    nextRow();
                }
                cell(column++, Character.toString(point));
                if (wide == 2) {
                    cell(column++, "");
                }
            }
        }
    }

    private List<String> cells() {
        return rows.get(row);
    }

    private void cell(int at, String text) {
        if (at < cells().size()) {
            cells().set(at, text);
        } else {
            cells().add(text);
        }
    }

    private void nextRow() {
        row++;
        column = 0;
        if (row == rows.size()) {
            rows.add(new ArrayList<>());
        }
    }
}
