package io.pgha.patroni.internal.component;

import io.pgha.host.Probe;
import io.pgha.model.Node;
import io.pgha.patroni.internal.layout.PatroniLayout;
import io.pgha.spi.Trace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Reads from a member's {@code patroni.yaml} which cluster it was made for. Stateless; no I/O. */
final class PatroniTrace {
    /** Prints the data directory's state: Patroni founds nothing and joins nothing before there is something in it. */
    static final String DATA = "f=" + PatroniLayout.CONFIG + "\n" + """
            directory=$(sed -n 's/^  data_dir: //p' $f)
            if [ -n "$(ls -A "$directory" 2>/dev/null)" ]; then data=some; else data=none; fi
            """;

    /** Only these lines leave the host: none of them holds a secret, and what stands between them is left out. */
    private static final String LINES = "if [ $data != none ]; then sed -n"
            + " -e '/^\\(scope\\|namespace\\|restapi\\|bootstrap\\|postgresql\\):/p'"
            + " -e '/^name:/p'"
            + " -e '/^  \\(connect_address\\|initdb\\|authentication\\):/p'"
            + " -e '/^  - \\(encoding\\|locale\\):/p'"
            + " -e '/^    \\(superuser\\|replication\\|rewind\\):/p'"
            + " -e '/^      username:/p' $f; fi";

    private PatroniTrace() {}

    static Trace of(Node node) {
        return new Trace(
                node,
                new Probe("trace:patroni", "[ -e " + PatroniLayout.CONFIG + " ] || exit\n" + DATA + LINES, ""),
                PatroniTrace::facts);
    }

    static Map<String, Object> facts(String lines) {
        Map<?, ?> file = map(new Yaml(new SafeConstructor(new LoaderOptions())).load(lines));
        Map<String, Object> postgres = new LinkedHashMap<>();
        Map<?, ?> server = map(file.get("postgresql"));
        Map<?, ?> logins = map(server.get("authentication"));
        port(server).ifPresent(port -> postgres.put("port", port));
        text(map(logins.get("superuser")), "username").ifPresent(name -> postgres.put("superuser_name", name));
        text(map(logins.get("replication")), "username").ifPresent(name -> postgres.put("replication_user", name));
        text(map(logins.get("rewind")), "username").ifPresent(name -> postgres.put("rewind_user", name));
        if (map(file.get("bootstrap")).get("initdb") instanceof List<?> options) {
            options.forEach(option -> map(option).forEach((key, value) -> postgres.put(String.valueOf(key), value)));
        }
        Map<String, Object> patroni = new LinkedHashMap<>();
        text(file, "namespace").ifPresent(namespace -> patroni.put("namespace", namespace));
        port(map(file.get("restapi"))).ifPresent(port -> patroni.put("rest_port", port));
        Map<String, Object> facts = new LinkedHashMap<>();
        text(file, "scope").ifPresent(scope -> facts.put("name", scope));
        facts.put("patroni", patroni);
        facts.put("postgres", postgres);
        facts.put(
                "topology",
                Map.of("nodes", List.of(Map.of("name", text(file, "name").orElse(""), "roles", List.of("postgres")))));
        return facts;
    }

    private static Optional<String> port(Map<?, ?> section) {
        return text(section, "connect_address").map(address -> address.substring(address.lastIndexOf(':') + 1));
    }

    private static Optional<String> text(Map<?, ?> section, String key) {
        return Optional.ofNullable(section.get(key)).map(Object::toString);
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }
}
