package io.pgha.patroni.internal.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgha.patroni.internal.settings.ServerParameters;
import io.pgha.patroni.internal.text.Text;
import io.pgha.plan.Impact;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a change of the configuration does to a running cluster. Immutable.
 *
 * @param impact the strongest effect
 * @param restartParameters the parameters that wait for a restart
 * @param interruption what maintenance must be open for, as a sentence's beginning; empty where nothing is
 */
record ConfigImpact(Impact impact, Set<String> restartParameters, Optional<String> interruption) {
    private static final String PARAMETERS = "postgresql.parameters.";

    static ConfigImpact of(JsonNode before, JsonNode after, Set<String> paths) {
        Set<String> changed = new TreeSet<>();
        boolean known = false;
        boolean demotes = false;
        for (String path : paths) {
            if (path.startsWith(PARAMETERS)) {
                changed.add(path.substring(PARAMETERS.length()));
            }
            known |= DynamicSchema.atTop(path.split("\\.", 2)[0]);
            demotes |= path.startsWith("standby_cluster");
        }
        if (paths.contains("postgresql") || paths.contains("postgresql.parameters")) {
            changed.addAll(both(before, after));
        }
        JsonNode old = parameters(before);
        JsonNode young = parameters(after);
        changed.removeIf(name ->
                !ServerParameters.needsRestart(name) || ServerParameters.alike(name, old.path(name), young.path(name)));
        Set<String> restart = Collections.unmodifiableSet(changed);
        Impact impact = demotes
                ? Impact.SWITCHOVER
                : !restart.isEmpty() ? Impact.ROLLING_RESTART : known ? Impact.RELOAD : Impact.NONE;
        boolean pauses = paths.contains("pause") && after.path("pause").asBoolean();
        return new ConfigImpact(impact, restart, interruption(demotes, pauses, restart));
    }

    /**
     * A restart that is left to an operator interrupts nothing yet; but it has begun to wait, and anybody may do it.
     */
    private static Optional<String> interruption(boolean demotes, boolean pauses, Set<String> restart) {
        if (demotes) {
            return Optional.of("A change of standby_cluster");
        }
        if (pauses) {
            return Optional.of("A pause, which leaves nobody to take over,");
        }
        return restart.isEmpty()
                ? Optional.empty()
                : Optional.of("The restart that a change of " + Text.printable(String.join(", ", restart)) + " needs");
    }

    private static Set<String> both(JsonNode before, JsonNode after) {
        Set<String> names = new TreeSet<>();
        parameters(before).fieldNames().forEachRemaining(names::add);
        parameters(after).fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonNode parameters(JsonNode config) {
        return config.path("postgresql").path("parameters");
    }
}
