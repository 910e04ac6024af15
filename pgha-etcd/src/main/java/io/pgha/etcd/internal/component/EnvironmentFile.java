package io.pgha.etcd.internal.component;

import java.util.LinkedHashMap;
import java.util.Map;

/** Renders variables in the form that systemd's {@code EnvironmentFile=} reads. Confined to one thread. */
final class EnvironmentFile {
    private final Map<String, String> variables = new LinkedHashMap<>();

    EnvironmentFile set(String name, Object value) {
        variables.put(name, String.valueOf(value));
        return this;
    }

    String render() {
        StringBuilder text = new StringBuilder("# Written by pgha; changes are overwritten.\n");
        variables.forEach((name, value) ->
                text.append(name).append('=').append(quote(value)).append('\n'));
        return text.toString();
    }

    /** In double quotes systemd takes a backslash before the four characters that a shell would expand. */
    private static String quote(String value) {
        if (value.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new IllegalArgumentException("A value of an environment file cannot hold control characters");
        }
        if (value.matches("[A-Za-z0-9_./:,=@%+\\[\\]-]+")) {
            return value;
        }
        return '"' + value.replaceAll("[\"\\\\$`]", "\\\\$0") + '"';
    }
}
