package io.pgha.patroni.view;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgha.Given;
import io.pgha.patroni.config.DynamicConfig;
import io.pgha.patroni.internal.text.ConfigText;
import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.internal.text.TextTable;
import io.pgha.patroni.view.ListColumns.Column;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Prints values as patronictl does with {@code --format}: the same columns, names and order, as the Patroni that was
 * asked has them. Static methods only; no I/O.
 */
public final class Formats {
    private static final List<TextTable.Head> HISTORY = List.of(
            new TextTable.Head("TL", true),
            new TextTable.Head("LSN", true),
            new TextTable.Head("Reason", false),
            new TextTable.Head("Timestamp", false),
            new TextTable.Head("New Leader", false));

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private Formats() {}

    /**
     * Prints what {@code patronictl list} prints.
     *
     * @param view the cluster
     * @return the table, with a footer while the cluster is paused or a switchover is scheduled; no newline at its end
     */
    public static String table(ClusterView view) {
        Given.value(view, "view");
        return ClusterTable.table(view);
    }

    /**
     * Prints what {@code patronictl topology} prints: replicas below the member that they replicate from.
     *
     * @param view the cluster
     * @return the table; no newline at its end
     */
    public static String topology(ClusterView view) {
        Given.value(view, "view");
        return ClusterTable.topology(view);
    }

    /**
     * Prints what {@code patronictl list --format tsv} prints.
     *
     * @param view the cluster
     * @return a line of names and a line for each member, with tabs; no newline at its end
     */
    public static String tsv(ClusterView view) {
        Given.value(view, "view");
        List<Column> columns = ListColumns.of(view);
        List<String> lines = new ArrayList<>();
        lines.add(columns.stream().map(Column::name).collect(Collectors.joining("\t")));
        for (MemberView member : view.members()) {
            lines.add(columns.stream()
                    .map(column -> column.value().apply(member))
                    .map(value -> value instanceof Map<?, ?> ? ConfigText.flowYaml(value) : value.toString())
                    .collect(Collectors.joining("\t")));
        }
        return String.join("\n", lines);
    }

    /**
     * Prints what {@code patronictl list --format json} prints.
     *
     * @param view the cluster
     * @return an array of objects in one line
     */
    public static String json(ClusterView view) {
        Given.value(view, "view");
        return write(rows(view));
    }

    /**
     * Prints what {@code patronictl list --format yaml} prints.
     *
     * @param view the cluster
     * @return a list of mappings with sorted keys, ending with a newline
     */
    public static String yaml(ClusterView view) {
        Given.value(view, "view");
        return ConfigText.yaml(rows(view));
    }

    /**
     * Prints what {@code patronictl history} prints.
     *
     * @param history the promotions
     * @return the table; no newline at its end
     */
    public static String table(ClusterHistory history) {
        Given.value(history, "history");
        return TextTable.draw(
                "",
                HISTORY,
                rows(history).stream()
                        .map(row -> row.values().stream()
                                .map(value -> List.of(Text.printable(value.toString())))
                                .toList())
                        .toList());
    }

    /**
     * Prints what {@code patronictl history --format tsv} prints.
     *
     * @param history the promotions
     * @return a line of names and a line for each, with tabs; no newline at its end
     */
    public static String tsv(ClusterHistory history) {
        Given.value(history, "history");
        List<String> lines = new ArrayList<>();
        lines.add(HISTORY.stream().map(TextTable.Head::title).collect(Collectors.joining("\t")));
        rows(history)
                .forEach(row ->
                        lines.add(row.values().stream().map(Object::toString).collect(Collectors.joining("\t"))));
        return String.join("\n", lines);
    }

    /**
     * Prints what {@code patronictl history --format json} prints.
     *
     * @param history the promotions
     * @return an array of objects in one line
     */
    public static String json(ClusterHistory history) {
        Given.value(history, "history");
        return write(rows(history));
    }

    /**
     * Prints what {@code patronictl history --format yaml} prints.
     *
     * @param history the promotions
     * @return a list of mappings with sorted keys, ending with a newline
     */
    public static String yaml(ClusterHistory history) {
        Given.value(history, "history");
        return ConfigText.yaml(rows(history));
    }

    /**
     * Prints what {@code patronictl show-config} prints.
     *
     * @param config the dynamic configuration
     * @return YAML with sorted keys, ending with a newline
     */
    public static String yaml(DynamicConfig config) {
        Given.value(config, "config");
        return config.yaml();
    }

    private static List<Map<String, Object>> rows(ClusterView view) {
        List<Column> columns = ListColumns.of(view);
        List<Map<String, Object>> rows = new ArrayList<>();
        for (MemberView member : view.members()) {
            Map<String, Object> row = new LinkedHashMap<>();
            for (Column column : columns) {
                Object value = column.value().apply(member);
                if (!value.equals("")) {
                    row.put(column.name(), value);
                }
            }
            rows.add(row);
        }
        return rows;
    }

    private static List<Map<String, Object>> rows(ClusterHistory history) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (HistoryEntry entry : history.entries()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("TL", entry.timeline());
            row.put("LSN", entry.lsn());
            row.put("Reason", entry.reason());
            row.put("Timestamp", entry.timestampText());
            row.put("New Leader", entry.newLeader().orElse(""));
            rows.add(row);
        }
        return rows;
    }

    private static String write(Object plain) {
        try {
            return JSON.writer(new Spaced()).writeValueAsString(plain);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Plain values can always be written", e);
        }
    }

    /** Python's blanks. */
    private static final class Spaced extends MinimalPrettyPrinter {
        private static final long serialVersionUID = 1L;

        @Override
        public void writeObjectFieldValueSeparator(JsonGenerator out) throws IOException {
            out.writeRaw(": ");
        }

        @Override
        public void writeObjectEntrySeparator(JsonGenerator out) throws IOException {
            out.writeRaw(", ");
        }

        @Override
        public void writeArrayValueSeparator(JsonGenerator out) throws IOException {
            out.writeRaw(", ");
        }
    }
}
