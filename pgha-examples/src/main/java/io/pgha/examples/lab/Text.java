package io.pgha.examples.lab;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Cuts and cleans what other programs print. */
final class Text {
    private static final Pattern ESCAPE = Pattern.compile("\u001b(\\[[0-9;?]*[ -/]*[@-~]|[@-Z\\\\-_])");

    private Text() {}

    /** Returns the last {@code count} lines that are not blank, without terminal escapes. */
    static String lastLines(String text, int count) {
        List<String> lines = ESCAPE.matcher(text.replace("\r", ""))
                .replaceAll("")
                .lines()
                .filter(line -> !line.isBlank())
                .collect(Collectors.toList());
        return String.join("\n", lines.subList(Math.max(0, lines.size() - count), lines.size()));
    }
}
