package io.pgha.patroni.query;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One row of a {@link QueryResult}. Immutable and thread-safe where its values are. */
public final class QueryRow {
    private final List<String> columns;
    private final List<@Nullable Object> values;

    /**
     * Makes a row, for tests of code that reads results.
     *
     * @param columns the columns' names
     * @param values a value for each column, or null
     */
    public QueryRow(List<String> columns, List<@Nullable Object> values) {
        this.columns = columns;
        this.values = Collections.unmodifiableList(new ArrayList<>(values));
    }

    /**
     * Returns a value.
     *
     * @param column the column's name
     * @return what JDBC calls it: {@code Integer}, {@code Long}, {@code BigDecimal}, {@code Boolean},
     *     {@code java.sql.Timestamp} and so on, a text for everything that has no class in {@code java}; empty where it
     *     is null
     * @throws IllegalArgumentException when there is no such column
     */
    public Optional<Object> value(String column) {
        int index = columns.indexOf(column);
        if (index < 0) {
            throw new IllegalArgumentException("There is no column " + column + " among " + columns);
        }
        return Optional.ofNullable(values.get(index));
    }

    /**
     * Returns a value of a class.
     *
     * @param <T> the class
     * @param column the column's name
     * @param type the class that the value must have
     * @return the value; empty where it is null
     * @throws IllegalArgumentException when there is no such column
     * @throws ClassCastException when the value is of another class
     */
    public <T> Optional<T> value(String column, Class<T> type) {
        return value(column).map(type::cast);
    }

    /**
     * Returns a value as text.
     *
     * @param column the column's name
     * @return the text; empty where it is null
     * @throws IllegalArgumentException when there is no such column
     */
    public Optional<String> text(String column) {
        return value(column).map(Object::toString);
    }

    /**
     * Returns a whole number.
     *
     * @param column the column's name
     * @return the number; empty where it is null
     * @throws IllegalArgumentException when there is no such column
     * @throws ClassCastException when the value is no number
     */
    public Optional<Long> integer(String column) {
        return value(column, Number.class).map(Number::longValue);
    }

    List<String> texts() {
        return values.stream()
                .map(value -> value == null ? "" : value.toString())
                .toList();
    }

    @Override
    public String toString() {
        return String.join("\t", texts());
    }
}
