package io.pgha.patroni.internal.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgha.patroni.internal.text.BadAnswerException;
import io.pgha.patroni.internal.text.Json;
import io.pgha.patroni.view.ParameterChange;
import io.pgha.patroni.view.ScheduledRestart;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** What a member says about itself in {@code GET /patroni}, as far as this library uses it. Immutable. */
public record StatusDocument(
        String state,
        String role,
        Optional<String> replicationState,
        OptionalInt timeline,
        OptionalLong location,
        OptionalLong receivedLocation,
        boolean watchdogFailed,
        Optional<String> systemId,
        Optional<String> scope,
        Optional<String> version,
        Optional<String> postmasterStart,
        OptionalInt serverVersion,
        OptionalLong replayedLocation,
        boolean pendingRestart,
        Map<String, ParameterChange> pendingReasons,
        Optional<ScheduledRestart> scheduledRestart,
        boolean paused,
        OptionalLong dcsLastSeen,
        Set<String> streamsTo) {

    public static StatusDocument read(String body) throws BadAnswerException {
        JsonNode document = Json.object(body);
        JsonNode patroni = document.path("patroni");
        JsonNode xlog = document.path("xlog");
        Optional<String> state = Json.text(document, "state");
        if (state.isEmpty()) {
            throw new BadAnswerException("it has no \"state\"");
        }
        return new StatusDocument(
                state.get(),
                Json.text(document, "role").orElse(""),
                Json.text(document, "replication_state"),
                Json.integer(document, "timeline"),
                Json.longInteger(xlog, "location"),
                larger(Json.longInteger(xlog, "received_location"), Json.longInteger(xlog, "replayed_location")),
                Json.flag(document, "watchdog_failed"),
                Json.scalar(document, "database_system_identifier"),
                Json.text(patroni, "scope"),
                Json.text(patroni, "version"),
                Json.text(document, "postmaster_start_time"),
                Json.integer(document, "server_version"),
                Json.longInteger(xlog, "replayed_location"),
                Json.flag(document, "pending_restart"),
                ClusterDocument.reasons(document),
                ClusterDocument.restart(document),
                Json.flag(document, "pause"),
                Json.longInteger(document, "dcs_last_seen"),
                streamsTo(document.path("replication")));
    }

    /** Returns the members that stream from this one; a member's connection has its name. */
    private static Set<String> streamsTo(JsonNode senders) {
        Set<String> names = new TreeSet<>();
        senders.forEach(sender -> {
            if (Json.text(sender, "state").filter("streaming"::equals).isPresent()) {
                Json.text(sender, "application_name").ifPresent(names::add);
            }
        });
        return names;
    }

    /** Returns whether PostgreSQL accepts writes here; the word changed in Patroni 4. */
    public boolean primary() {
        return role.equals("primary") || role.equals("master");
    }

    public boolean running() {
        return state.equals("running");
    }

    private static OptionalLong larger(OptionalLong one, OptionalLong other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isPresent() ? one : other;
        }
        return OptionalLong.of(Math.max(one.getAsLong(), other.getAsLong()));
    }
}
