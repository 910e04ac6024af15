package io.pgha.model.internal.text;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes and reads numbers of bytes as PostgreSQL does: {@code 512kB}, {@code 16MB}, {@code 4GB}, or bytes without a
 * unit.
 */
public final class SizeText {
    public static final String EXPECTED = "a size such as 1048576, 512kB, 16MB or 4GB";
    private static final Pattern TEXT =
            Pattern.compile("\\s*(-?[0-9]{1,19}(?:\\.[0-9]{1,9})?)\\s*(B|kB|MB|GB|TB)?\\s*");
    private static final List<String> UNITS = List.of("B", "kB", "MB", "GB", "TB");
    private static final int STEP = 10;

    private SizeText() {}

    /** Returns the size in the largest unit of which it is a whole number; bytes are a plain number. */
    public static Object of(long bytes) {
        int unit = 0;
        long count = bytes;
        while (count != 0 && unit < UNITS.size() - 1 && count % (1L << STEP) == 0) {
            count >>= STEP;
            unit++;
        }
        return unit == 0 ? (Object) bytes : count + UNITS.get(unit);
    }

    public static Optional<Long> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String unit = matcher.group(2) == null ? "B" : matcher.group(2);
        long factor = 1L << (STEP * UNITS.indexOf(unit));
        try {
            return Optional.of(new BigDecimal(matcher.group(1))
                    .multiply(BigDecimal.valueOf(factor))
                    .longValueExact());
        } catch (ArithmeticException tooLargeOrNoWholeByte) {
            return Optional.empty();
        }
    }
}
