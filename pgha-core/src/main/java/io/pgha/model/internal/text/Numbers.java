package io.pgha.model.internal.text;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;

/** Gives every number one spelling, so that equal settings are equal values wherever they came from. */
public final class Numbers {
    private static final int MOST_DIGITS = 400;

    private Numbers() {}

    public static Map<String, Object> normalized(Map<String, Object> values) {
        Map<String, Object> result = new LinkedHashMap<>();
        values.forEach((name, value) -> result.put(name, normalized(value)));
        return result;
    }

    private static Object normalized(Object value) {
        if (!(value instanceof Number number) || number instanceof Double) {
            return value;
        }
        if (number instanceof Float) {
            // By way of the text: 0.1f means 0.1, not 0.10000000149011612.
            return Double.valueOf(number.toString());
        }
        BigDecimal exact = new BigDecimal(number.toString());
        boolean whole = exact.scale() <= 0 && exact.precision() - (long) exact.scale() <= MOST_DIGITS;
        return whole ? narrowest(exact.toBigIntegerExact()) : (Object) exact.doubleValue();
    }

    private static Number narrowest(BigInteger value) {
        if (value.bitLength() < Integer.SIZE) {
            return value.intValue();
        }
        return value.bitLength() < Long.SIZE ? (Number) value.longValue() : value;
    }
}
