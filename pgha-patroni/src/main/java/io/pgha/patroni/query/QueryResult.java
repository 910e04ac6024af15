package io.pgha.patroni.query;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a query returned. Immutable; {@code toString} is what {@code patronictl query} prints: a line of names and the
 * rows, with tabs.
 *
 * @param server the member that was asked, or the address where it was asked through one
 * @param columns the columns' names, in order; none where the statement returns no rows
 * @param rows the rows, in order
 * @param updated how many rows the statement changed; zero for one that returns rows
 */
public record QueryResult(String server, List<String> columns, List<QueryRow> rows, int updated) {
    /**
     * Copies what it is given.
     *
     * @param server who was asked
     * @param columns the columns' names
     * @param rows the rows
     * @param updated how many rows were changed
     */
    public QueryResult {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    @Override
    public String toString() {
        return String.join("\t", columns) + rows.stream().map(row -> "\n" + row).collect(Collectors.joining());
    }
}
