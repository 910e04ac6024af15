package io.pgha.patroni.internal.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgha.Problem;
import io.pgha.patroni.internal.text.Text;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is wrong with values of sections of the dynamic configuration that Patroni reads without looking at them.
 * Stateless.
 */
final class ValueRules {
    private static final Pattern TIME = Pattern.compile("\\s*\\d{1,9}(\\.\\d+)?\\s*(us|ms|s|min|h|d)?\\s*");
    private static final Pattern SECONDS = Pattern.compile("\\s*\\d{1,9}(\\.\\d+)?\\s*");
    /** Several, as libpq takes them, are for several hosts. */
    private static final Pattern PORTS = Pattern.compile("\\d{1,5}(,\\d{1,5})*");

    private ValueRules() {}

    static Optional<Problem> check(String section, String key, JsonNode value) {
        return switch (key) {
            case "host", "primary_slot_name", "restore_command", "archive_cleanup_command" ->
                section.equals("standby_cluster") && !value.isTextual()
                        ? wrong(section, key, value, "a text")
                        : Optional.empty();
            case "port" ->
                value.isValueNode() && PORTS.matcher(value.asText()).matches()
                        ? Optional.empty()
                        : wrong(section, key, value, "a port, such as 5432");
            case "recovery_min_apply_delay" ->
                time(value) ? Optional.empty() : wrong(section, key, value, "milliseconds, or a text such as 30min");
            case "pg_ctl_timeout" ->
                value.isValueNode() && SECONDS.matcher(value.asText()).matches()
                        ? Optional.empty()
                        : wrong(section, key, value, "seconds without a unit, such as 60");
            case "create_replica_methods", "create_replica_method" ->
                texts(value) ? Optional.empty() : wrong(section, key, value, "a list of names, such as [basebackup]");
            default -> Optional.empty();
        };
    }

    /** Tells whether Patroni reads a time from a value. */
    static boolean time(JsonNode value) {
        return value.isValueNode() && TIME.matcher(value.asText()).matches();
    }

    private static boolean texts(JsonNode list) {
        boolean texts = list.isArray();
        for (JsonNode item : list) {
            texts &= item.isTextual();
        }
        return texts;
    }

    private static Optional<Problem> wrong(String section, String key, JsonNode value, String wanted) {
        return Optional.of(Problem.of(
                "patroni.config.type",
                Text.printable(section + "." + key + " is " + ConfigRules.shown(key, value) + ", not " + wanted
                        + ": Patroni takes it unseen and fails when it needs it"),
                "Give " + wanted + ", or leave it out."));
    }
}
