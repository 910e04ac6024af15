package io.pgha.patroni.internal.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgha.Problem;
import io.pgha.model.parameter.LockOut;
import io.pgha.model.parameter.OwnedParameter;
import io.pgha.model.parameter.OwnedParameter.Owner;
import io.pgha.model.parameter.ParameterClash;
import io.pgha.model.parameter.PatroniParameters;
import io.pgha.model.parameter.PatroniParameters.Finding;
import io.pgha.model.patroni.SynchronousMode;
import io.pgha.patroni.internal.text.Switch;
import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.internal.version.Feature;
import io.pgha.patroni.internal.version.PatroniVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What is wrong with PostgreSQL's parameters in the dynamic configuration. Confined to one call. */
final class ParameterChecks {
    private static final List<String> WITH_TLS = List.of("ssl", "ssl_cert_file", "ssl_key_file", "ssl_ca_file");

    private final PatroniParameters parameters;
    private final Optional<PatroniVersion> version;
    private final boolean pgha;
    private final boolean synchronous;
    private final List<Problem> problems = new ArrayList<>();

    private ParameterChecks(ObjectNode config, Servers servers) {
        this.parameters = new PatroniParameters(servers.parameters());
        this.version = servers.patroni();
        this.pgha = config.has(ConfigRules.PGHA);
        this.synchronous = ConfigDocument.of(config).synchronousMode() != SynchronousMode.OFF;
    }

    /** Checks {@code postgresql.parameters}, or a section like it that is for one role. */
    static List<Problem> check(ObjectNode config, String section, Predicate<String> touched, Servers servers) {
        JsonNode values = config.path("postgresql").path(section);
        ParameterChecks checks = new ParameterChecks(config, servers);
        if (values.isObject()) {
            checks.all(values, touched);
            checks.clashes(values, touched, servers);
        } else {
            checks.problems.add(Problem.of(
                    "patroni.config.type",
                    "postgresql." + section + " is " + ConfigRules.shown(section, values)
                            + ", not an object: the whole change would be ignored",
                    "Give names with values."));
        }
        return List.copyOf(checks.problems);
    }

    /** What pgha has set, and an edit would take away: PostgreSQL's own default is no TLS. */
    static List<Problem> taken(JsonNode config, Predicate<String> touched) {
        JsonNode parameters = config.path("postgresql").path("parameters");
        return WITH_TLS.stream()
                .filter(name -> touched.test("postgresql.parameters." + name) && !parameters.hasNonNull(name))
                .map(name -> Problem.of(
                        "patroni.config.parameter-owned",
                        name + " is pgha's own in this cluster, and would be gone",
                        OwnedParameter.find(name).orElseThrow().inDynamic()))
                .toList();
    }

    private void all(JsonNode values, Predicate<String> touched) {
        Map<String, String> seen = new HashMap<>();
        values.properties().forEach(entry -> {
            String name = entry.getKey();
            String other = seen.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
            if (!touched.test(name)) {
                return;
            }
            if (other == null) {
                one(name, entry.getValue());
            } else {
                add("duplicate", name + " is there twice, also as " + other, "Remove one of the two.");
            }
        });
    }

    /** Of the databases of others, the size of the WAL segments is not known. */
    private void clashes(JsonNode values, Predicate<String> touched, Servers servers) {
        if (pgha && problems.isEmpty()) {
            Map<String, String> written = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            values.properties()
                    .forEach(entry ->
                            written.put(entry.getKey(), entry.getValue().asText()));
            List<String> changed = values.properties().stream()
                    .map(Map.Entry::getKey)
                    .filter(touched)
                    .map(name -> name.toLowerCase(Locale.ROOT))
                    .toList();
            ParameterClash.in(written, servers.postgresMajor()).stream()
                    .filter(clash -> clash.names().stream().anyMatch(changed::contains))
                    .forEach(clash -> add("clash", clash.reason(), clash.remedy()));
        }
    }

    private void one(String name, JsonNode value) {
        String lower = name.toLowerCase(Locale.ROOT);
        String shown = ConfigRules.shown(name, value);
        Optional<OwnedParameter> owned = OwnedParameter.find(lower);
        Optional<String> place = DynamicSchema.placeAbove(name);
        if (place.isPresent()) {
            misplaced(name, place.get());
        } else if (!value.isValueNode()
                || value.isNull()
                || value.asText().lines().count() > 1) {
            add(
                    "value",
                    name + " is " + shown + ", not one line of text, a number or true or false",
                    "Give one such value; a list is one text with commas.");
        } else if (owned.filter(it -> it.owner() == Owner.PATRONI).isPresent()) {
            add(
                    "owned",
                    name + " is ignored in the dynamic configuration",
                    owned.get().inDynamic());
        } else if (pgha && owned.isPresent()) {
            add("owned", name + " is pgha's own in this cluster", owned.get().inDynamic());
        } else if (pgha && LockOut.by(lower, value.asText()).isPresent()) {
            add(name, LockOut.by(lower, value.asText()).get());
        } else if (synchronous && lower.equals("synchronous_standby_names")) {
            add("owned", name + " is replaced by Patroni, whose synchronous_mode is on", "Leave it out.");
        } else if (!switches(lower, value)) {
            Optional<Finding> finding = value.isBoolean()
                    ? parameters.check(name, value.booleanValue())
                    : parameters.check(name, value.asText());
            finding.ifPresent(it -> add(name, it));
        }
    }

    private void misplaced(String name, String place) {
        if (place.equals(name)) {
            add(
                    "unknown",
                    name + " is no parameter of PostgreSQL; it belongs at the top level of the dynamic configuration",
                    "Move it there.");
        } else {
            add("unknown", name + " is no parameter of PostgreSQL", "Did you mean " + place + "?");
        }
    }

    /** Tells whether one of the switches of which Patroni makes something of its own was refused. */
    private boolean switches(String lower, JsonNode value) {
        Optional<Boolean> flag = Switch.of(value);
        if (lower.equals("hot_standby") && !flag.orElse(false)) {
            add(
                    "range",
                    lower + " is " + ConfigRules.shown(lower, value)
                            + ", in place of which Patroni would silently use its own default",
                    "Set it to on, or leave it out.");
            return true;
        }
        boolean fixed =
                version.filter(known -> !known.has(Feature.PRIMARY_ROLE)).isPresent();
        if (lower.equals("wal_log_hints") && fixed && !flag.orElse(true)) {
            add(
                    "range",
                    lower + " is " + ConfigRules.shown(lower, value) + ", and Patroni before 4.0 keeps it on",
                    "Leave it out, or upgrade Patroni.");
            return true;
        }
        return false;
    }

    private void add(String name, Finding finding) {
        add(finding.kind(), name + " " + finding.reason(), finding.remedy());
    }

    private void add(String kind, String message, String remedy) {
        problems.add(Problem.of("patroni.config.parameter-" + kind, Text.printable(message), remedy));
    }
}
