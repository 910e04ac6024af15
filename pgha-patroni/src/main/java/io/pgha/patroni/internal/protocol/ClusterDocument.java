package io.pgha.patroni.internal.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgha.patroni.internal.text.BadAnswerException;
import io.pgha.patroni.internal.text.ConfigText;
import io.pgha.patroni.internal.text.Json;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberRole;
import io.pgha.patroni.view.MemberView;
import io.pgha.patroni.view.ParameterChange;
import io.pgha.patroni.view.ScheduledRestart;
import io.pgha.patroni.view.ScheduledSwitchover;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads the answer of {@code GET /cluster} of every version. What only describes a member may be missing or odd; what a
 * decision rests on (members, their names, their roles) must be there.
 */
public final class ClusterDocument {
    private ClusterDocument() {}

    public static ClusterView.Builder read(String body) throws BadAnswerException {
        JsonNode document = Json.object(body);
        JsonNode members = document.path("members");
        if (!members.isArray()) {
            throw new BadAnswerException("it has no list \"members\"");
        }
        ClusterView.Builder view = ClusterView.builder();
        int leaders = 0;
        for (JsonNode node : members) {
            MemberView member = member(node);
            leaders += member.leads() ? 1 : 0;
            view.member(member);
        }
        if (leaders > 1) {
            throw new BadAnswerException("it names " + leaders + " leaders");
        }
        Json.text(document, "scope").ifPresent(view::name);
        return view.paused(Json.flag(document, "pause")).scheduledSwitchover(switchover(document));
    }

    private static MemberView member(JsonNode node) throws BadAnswerException {
        Optional<String> name = Json.text(node, "name");
        Optional<String> role = Json.text(node, "role");
        if (name.isEmpty() || role.isEmpty()) {
            throw new BadAnswerException("a member has no name or no role");
        }
        MemberView.Builder member = MemberView.builder()
                .name(name.get())
                .roleName(role.get())
                .state(Json.text(node, "state").orElse(""))
                .host(Json.text(node, "host"))
                .port(Json.integer(node, "port"))
                .apiUrl(Json.text(node, "api_url"))
                .timeline(Json.integer(node, "timeline"))
                .pendingRestart(Json.flag(node, "pending_restart"))
                .scheduledRestart(restart(node))
                .tags(Json.texts(node.path("tags")))
                .tagValues(values(node.path("tags")));
        if (!MemberRole.of(role.get()).leads()) {
            member.lag(lag(node, "lag"))
                    .receiveLsn(lsn(node, "receive_lsn"))
                    .receiveLag(lag(node, "receive_lag"))
                    .replayLsn(lsn(node, "replay_lsn"))
                    .replayLag(lag(node, "replay_lag"));
            positionOfOlderMember(node, member);
        }
        return member.pendingRestartReasons(reasons(node)).build();
    }

    private static Map<String, Object> values(JsonNode tags) {
        Map<String, Object> values = new LinkedHashMap<>();
        tags.properties().forEach(entry -> {
            Object plain = ConfigText.plain(entry.getValue());
            values.put(entry.getKey(), plain == null ? "" : plain);
        });
        return values;
    }

    /**
     * A member older than 4.1 in a newer cluster publishes one position; {@code patronictl} shows it by what it is
     * doing.
     */
    private static void positionOfOlderMember(JsonNode node, MemberView.Builder member) {
        Optional<String> position = lsn(node, "lsn");
        if (position.isPresent()
                && lsn(node, "receive_lsn").isEmpty()
                && lsn(node, "replay_lsn").isEmpty()) {
            if (Json.text(node, "state").orElse("").equals("streaming")) {
                member.receiveLsn(position).receiveLag(lag(node, "lag"));
            } else {
                member.replayLsn(position).replayLag(lag(node, "lag"));
            }
        }
    }

    private static OptionalLong lag(JsonNode node, String field) {
        OptionalLong lag = Json.longInteger(node, field);
        return lag.isPresent() ? OptionalLong.of(Math.max(0, lag.getAsLong())) : lag;
    }

    private static Optional<String> lsn(JsonNode node, String field) {
        return Json.text(node, field).filter(text -> !text.equals("unknown"));
    }

    static Map<String, ParameterChange> reasons(JsonNode node) {
        Map<String, ParameterChange> reasons = new LinkedHashMap<>();
        node.path("pending_restart_reason")
                .properties()
                .forEach(entry -> reasons.put(
                        entry.getKey(),
                        new ParameterChange(
                                Json.scalar(entry.getValue(), "old_value").orElse("?"),
                                Json.scalar(entry.getValue(), "new_value").orElse("?"))));
        return reasons;
    }

    static Optional<ScheduledRestart> restart(JsonNode node) {
        JsonNode restart = node.path("scheduled_restart");
        return Json.text(restart, "schedule")
                .map(text -> new ScheduledRestart(Json.time(text), text, Json.scalar(restart, "postgres_version")));
    }

    private static Optional<ScheduledSwitchover> switchover(JsonNode document) {
        JsonNode switchover = document.path("scheduled_switchover");
        return Json.text(switchover, "at")
                .map(text -> new ScheduledSwitchover(
                        Json.time(text), text, Json.text(switchover, "from"), Json.text(switchover, "to")));
    }
}
