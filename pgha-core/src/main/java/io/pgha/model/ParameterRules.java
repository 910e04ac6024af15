package io.pgha.model;

import io.pgha.model.internal.rule.Problems;
import io.pgha.model.internal.text.Scalars;
import io.pgha.model.internal.text.Texts;
import io.pgha.model.parameter.LockOut;
import io.pgha.model.parameter.OwnedParameter;
import io.pgha.model.parameter.ParameterCatalog;
import io.pgha.model.parameter.ParameterClash;
import io.pgha.model.parameter.PatroniParameters;
import io.pgha.model.parameter.PatroniParameters.Finding;
import io.pgha.model.patroni.SynchronousMode;
import io.pgha.model.postgres.PostgresConfig;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Checks PostgreSQL's parameters: those that Patroni or pgha own, and what PostgreSQL or Patroni would not take as it
 * is.
 */
final class ParameterRules {
    private final ClusterConfig config;
    private final Problems problems;
    private final PatroniParameters parameters;

    ParameterRules(ClusterConfig config, Problems problems) {
        this.config = config;
        this.problems = problems;
        OptionalInt version = config.postgres().version();
        this.parameters = new PatroniParameters(
                version.isPresent() ? ParameterCatalog.of(version.getAsInt()) : ParameterCatalog.ofAny());
    }

    void check() {
        int before = problems.count();
        Map<String, String> seen = new HashMap<>();
        config.postgres().parameters().forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            String other = seen.putIfAbsent(lower, name);
            if (other != null) {
                problem("duplicate", name, "is given twice, also as " + other, "Remove one of the two.");
            } else if (!Scalars.valid(value)) {
                problem(
                        "value",
                        name,
                        "is not one line of text, a finite number or true/false",
                        "Give it one such value; a list is one text with commas.");
            } else {
                finding(name, value).ifPresent(it -> problem(it.kind(), name, it.reason(), it.remedy()));
            }
        });
        if (problems.count() == before) {
            clashes();
        }
    }

    private void clashes() {
        Map<String, String> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        values.put("max_connections", String.valueOf(PostgresConfig.MAX_CONNECTIONS));
        config.postgres().parameters().forEach((name, value) -> values.put(name, value.toString()));
        ParameterClash.in(values, config.postgres().version())
                .forEach(clash -> problems.add("postgres-parameter-clash", clash.reason(), clash.remedy()));
    }

    private Optional<Finding> finding(String name, Object value) {
        String lower = name.toLowerCase(Locale.ROOT);
        return owned(lower)
                .map(remedy -> new Finding("owned", "is not for a configuration to set", remedy))
                .or(() -> LockOut.by(lower, value.toString()))
                .or(() -> value instanceof Boolean flag
                        ? parameters.check(name, flag.booleanValue())
                        : parameters.check(name, value.toString()));
    }

    /** Returns what to do instead, where the parameter is Patroni's or pgha's own. */
    private Optional<String> owned(String lower) {
        SynchronousMode mode = config.patroni().synchronousMode();
        if (lower.equals("synchronous_standby_names") && mode != SynchronousMode.OFF) {
            return Optional.of("Remove it: with patroni.synchronousMode " + mode + " Patroni sets it.");
        }
        return lower.equals("hot_standby")
                ? Optional.of("Remove it: Patroni always has it on.")
                : OwnedParameter.find(lower).map(OwnedParameter::inConfiguration);
    }

    private void problem(String kind, String name, String message, String remedy) {
        problems.add(
                "postgres-parameter-" + kind,
                "The PostgreSQL parameter " + (Texts.oneLine(name) ? name : Texts.quote(name)) + " " + message,
                remedy);
    }
}
