package io.pgha.patroni.internal.component;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgha.patroni.internal.server.MemberStatus;
import io.pgha.patroni.internal.server.ServerReport;
import io.pgha.patroni.internal.server.SharedLimits;
import io.pgha.patroni.internal.settings.DynamicSettings.Moment;
import io.pgha.patroni.internal.settings.ServerParameters;
import io.pgha.patroni.view.ParameterChange;
import io.pgha.spi.PlanContext;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The limits with which a member's PostgreSQL starts next, which its leader has a say in ({@link SharedLimits}). What
 * somebody else has put into the dynamic configuration counts, but for what pgha has put there and takes out again.
 * Immutable and thread-safe.
 */
final class NextStart {
    private final Map<String, String> asked;

    NextStart(PlanContext context) {
        Map<String, String> all = new HashMap<>();
        ServerParameters.of(context)
                .forEach((name, value) -> all.put(
                        name.toLowerCase(Locale.ROOT), String.valueOf(value).strip()));
        this.asked = Map.copyOf(all);
    }

    /** Returns the limits of a server of which nothing is known but what pgha asks for. */
    Map<String, String> limits() {
        return SharedLimits.given(asked);
    }

    /** Returns which way they go from what a member runs with. */
    SharedLimits change(MemberStatus status) {
        Map<String, String> all = new TreeMap<>(asked);
        status.report().ifPresent(report -> {
            Set<String> ours = ours(report);
            report.takenNames().stream()
                    .filter(name -> !ours.contains(name))
                    .forEach(name ->
                            report.takenParameter(name).ifPresent(value -> all.putIfAbsent(name, value.strip())));
        });
        Map<String, String> next = SharedLimits.given(all);
        Map<String, ParameterChange> changes = new HashMap<>();
        status.limits()
                .forEach((name, now) -> changes.put(name, new ParameterChange(now, next.getOrDefault(name, now))));
        return SharedLimits.of(changes);
    }

    private static Set<String> ours(ServerReport report) {
        Set<String> names = new HashSet<>();
        for (Moment moment : Moment.values()) {
            for (JsonNode name : report.taken().path("pgha").path(moment.list())) {
                names.add(name.asText().toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }
}
