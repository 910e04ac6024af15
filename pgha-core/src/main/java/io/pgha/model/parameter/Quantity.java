package io.pgha.model.parameter;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads numbers with units as both PostgreSQL ({@code parse_int} and {@code parse_real} in guc.c) and Patroni
 * (utils.py) do; what only one of them takes, such as {@code 0X10} or {@code 1.}, is none. Immutable.
 */
final class Quantity {
    private static final Pattern WHOLE =
            Pattern.compile("\\s*([-+]?)(0x[0-9a-fA-F]++|0[0-7]*+|[1-9][0-9]*+)(?![.eE])(.*)");
    private static final Pattern REAL = Pattern.compile("\\s*([-+]?[0-9]*\\.?[0-9]+(?:[eE][-+]?[0-9]+)?)(.*)");
    private static final Pattern BASE = Pattern.compile("([0-9]*)([A-Za-z]+)");

    private record Unit(String name, double factor) {}

    /** From the largest to the smallest, as PostgreSQL rounds fractions to the next smaller one. */
    private static final List<Unit> SIZES = List.of(
            new Unit("TB", 0x1p40),
            new Unit("GB", 0x1p30),
            new Unit("MB", 0x1p20),
            new Unit("kB", 0x1p10),
            new Unit("B", 1));

    private static final List<Unit> TIMES = List.of(
            new Unit("d", 86_400_000),
            new Unit("h", 3_600_000),
            new Unit("min", 60_000),
            new Unit("s", 1000),
            new Unit("ms", 1),
            new Unit("us", 0.001));

    private final List<Unit> units;
    private final double base;

    private Quantity(List<Unit> units, double base) {
        this.units = units;
        this.base = base;
    }

    /**
     * Returns the quantity that is counted in a unit of {@code pg_settings.unit}.
     *
     * @param unit for example {@code 8kB} or {@code ms}; empty for a number without one
     */
    static Quantity in(Optional<String> unit) {
        Matcher matcher = BASE.matcher(unit.orElse(""));
        if (!matcher.matches()) {
            return new Quantity(List.of(), 1);
        }
        double count = matcher.group(1).isEmpty() ? 1 : Integer.parseInt(matcher.group(1));
        for (List<Unit> units : List.of(SIZES, TIMES)) {
            Optional<Unit> base = named(units, matcher.group(2));
            if (base.isPresent()) {
                return new Quantity(units, count * base.get().factor());
            }
        }
        return new Quantity(List.of(), 1);
    }

    /** Returns the names of the units that may be written. */
    List<String> units() {
        return units.stream().map(Unit::name).toList();
    }

    /** Reads a whole number of base units, to which a fraction is rounded. */
    Optional<Double> whole(String text) {
        Matcher matcher = WHOLE.matcher(text);
        Optional<Double> read = matcher.matches()
                ? inBase(integer(matcher.group(2), matcher.group(1).equals("-")), matcher.group(3))
                : real(text);
        return read.map(Math::rint);
    }

    /** Reads a number of base units. */
    Optional<Double> real(String text) {
        Matcher matcher = REAL.matcher(text);
        return matcher.matches() ? inBase(Double.parseDouble(matcher.group(1)), matcher.group(2)) : Optional.empty();
    }

    private Optional<Double> inBase(double number, String rest) {
        String unit = rest.strip();
        if (unit.isEmpty()) {
            return Optional.of(number).filter(Double::isFinite);
        }
        return named(units, unit).map(found -> inBase(number, found)).filter(Double::isFinite);
    }

    private double inBase(double number, Unit unit) {
        double value = number * unit.factor() / base;
        int next = units.indexOf(unit) + 1;
        if (next == units.size()) {
            return value;
        }
        double smaller = units.get(next).factor() / base;
        return Math.rint(value / smaller) * smaller;
    }

    private static double integer(String digits, boolean negative) {
        double value = digits.startsWith("0x")
                ? new BigInteger(digits.substring(2), 16).doubleValue()
                : new BigInteger(digits, digits.startsWith("0") ? 8 : 10).doubleValue();
        return negative ? -value : value;
    }

    private static Optional<Unit> named(List<Unit> units, String name) {
        return units.stream().filter(unit -> unit.name().equals(name)).findFirst();
    }
}
