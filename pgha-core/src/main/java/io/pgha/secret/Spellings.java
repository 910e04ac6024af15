package io.pgha.secret;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The ways in which programs write a secret down when they complain of it: as it is, quoted for a shell or for YAML,
 * escaped as in JSON, C, a URL or XML, or within something in base64. Immutable and thread-safe.
 */
final class Spellings {
    /** Fewer characters would be found everywhere, and no text could be read any more. */
    private static final int SHORTEST = 4;

    private static final int SHORTEST_BASE64 = 6;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9]+");

    /** The letters behind a backslash with which YAML writes these. */
    private static final Map<Integer, String> YAML =
            Map.of((int) '\t', "t", 0x85, "N", 0xa0, "_", 0x2028, "L", 0x2029, "P");

    private final Pattern pattern;
    private final String needed;
    private final List<String> encoded;

    private Spellings(Pattern pattern, String needed, List<String> encoded) {
        this.pattern = pattern;
        this.needed = needed;
        this.encoded = encoded;
    }

    static Spellings of(String secret) {
        if (secret.length() < SHORTEST) {
            return new Spellings(Pattern.compile("(?!)"), "", List.of());
        }
        return new Spellings(
                Pattern.compile(
                        secret.codePoints().mapToObj(Spellings::character).collect(Collectors.joining())),
                PLAIN.matcher(secret)
                        .results()
                        .map(MatchResult::group)
                        .max(Comparator.comparingInt(String::length))
                        .orElse(""),
                Stream.of(Base64.getEncoder(), Base64.getUrlEncoder())
                        .flatMap(encoder -> IntStream.range(0, 3).mapToObj(before -> base64(encoder, secret, before)))
                        .filter(digits -> digits.length() >= SHORTEST_BASE64)
                        .distinct()
                        .toList());
    }

    String covered(String text, String cover) {
        String covered =
                text.contains(needed) ? pattern.matcher(text).replaceAll(Matcher.quoteReplacement(cover)) : text;
        for (String digits : encoded) {
            covered = covered.replace(digits, cover);
        }
        return covered;
    }

    /** Nobody escapes letters and digits. */
    private static String character(int codePoint) {
        String text = Character.toString(codePoint);
        if (PLAIN.matcher(text).matches()) {
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        List<String> ways = new ArrayList<>();
        ways.add("\\\\{0,4}" + Pattern.quote(text));
        ways.add(escaped("%%%02x", bytes));
        ways.add(escaped("\\\\{1,2}x%02x", bytes));
        ways.add(escaped("\\\\{1,2}0?%03o", bytes));
        ways.add(text.chars()
                .mapToObj(unit -> anyCase(String.format(Locale.ROOT, "\\\\{1,2}u%04x", unit)))
                .collect(Collectors.joining()));
        if (codePoint < 0x100) {
            ways.add(anyCase(String.format(Locale.ROOT, "\\\\{1,2}x%02x", codePoint)));
        }
        ways.add(anyCase(String.format(Locale.ROOT, "\\\\{1,2}u%08x", codePoint)));
        Optional.ofNullable(YAML.get(codePoint)).ifPresent(letter -> ways.add("\\\\{1,2}" + letter));
        ways.add("&#0*" + codePoint + ";");
        ways.add("&#[xX]0*" + anyCase(Integer.toHexString(codePoint)) + ";");
        switch (text) {
            case "'" -> ways.add(0, "'\\\\{1,4}''|'\"'\"'|''|&apos;");
            case "\"" -> ways.add(0, "\"\"|&quot;");
            case "\\" -> ways.add(0, "\\\\{1,4}");
            case "&" -> ways.add(0, "&amp;");
            case "<" -> ways.add("&lt;");
            case ">" -> ways.add("&gt;");
            case " " -> ways.add("\\+");
            default -> {}
        }
        return "(?:" + String.join("|", ways) + ")";
    }

    private static String escaped(String format, byte[] bytes) {
        StringBuilder way = new StringBuilder();
        for (byte each : bytes) {
            way.append(anyCase(String.format(Locale.ROOT, format, each)));
        }
        return way.toString();
    }

    /** The digits may be of either case. */
    private static String anyCase(String way) {
        return "(?i:" + way + ")";
    }

    /**
     * Returns those digits that are the same whatever stands around the secret, which begins in a first, second or
     * third byte.
     */
    private static String base64(Base64.Encoder encoder, String secret, int before) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        byte[] moved = new byte[before + bytes.length];
        System.arraycopy(bytes, 0, moved, before, bytes.length);
        int first = (before * 8 + 5) / 6;
        return encoder.encodeToString(moved).substring(first, moved.length * 8 / 6);
    }
}
