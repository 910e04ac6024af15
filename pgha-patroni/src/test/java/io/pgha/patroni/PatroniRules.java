package io.pgha.patroni;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgha.patroni.internal.text.BadAnswerException;
import io.pgha.patroni.internal.text.Json;
import io.pgha.patroni.internal.version.Feature;
import io.pgha.patroni.internal.version.PatroniVersion;
import java.io.IOException;
import java.net.Socket;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers the commands sent to a {@link FakeCluster} as its version of Patroni does: with the same checks in the same
 * order, the same words, and the same effects on what members say of themselves.
 */
final class PatroniRules {
    private static final OffsetDateTime BOOT = OffsetDateTime.parse("2026-11-23T12:00:00Z");

    private final FakeCluster cluster;
    private final PatroniVersion version;
    private final Map<String, String> pending = new ConcurrentHashMap<>();
    private final Set<String> missed = ConcurrentHashMap.newKeySet();
    private final Map<String, String> schedules = new ConcurrentHashMap<>();
    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final List<String> wiped = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<Runnable> onRestart = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Runnable> onReload = new ConcurrentLinkedQueue<>();
    private final AtomicInteger boots = new AtomicInteger();
    private volatile boolean paused;
    private volatile boolean recognizes = true;
    private volatile String standby = "";

    /** What a rule makes of a request. */
    private record Answer(int status, String text) {}

    /** One command of one member. */
    private interface Rule {
        Answer answer(String member, ScriptedPatroni.Received request) throws BadAnswerException;
    }

    PatroniRules(FakeCluster cluster) {
        this.cluster = cluster;
        this.version = Wire.version(cluster.version);
        on("POST /restart", this::restart);
        on("DELETE /restart", this::flush);
        on("POST /reload", this::reload);
        on("POST /reinitialize", this::reinitialize);
        on("PATCH /config", this::patch);
        config();
    }

    /** All commands in the order in which they came, for example {@code pg1 POST /restart {}}. */
    List<String> commands() {
        return commands;
    }

    /** The members whose data directory was thrown away. */
    List<String> wiped() {
        return wiped;
    }

    /** Has changed settings wait for a restart: the JSON of {@code pending_restart_reason}, from 3.3 on the wire. */
    PatroniRules pending(String member, String reasons) {
        pending.put(member, reasons);
        show(member);
        return this;
    }

    /** Has a restart be pending that this member's Patroni has missed: it shows after the next reload. */
    PatroniRules missed(String member) {
        missed.add(member);
        return this;
    }

    void settled(String member) {
        pending.remove(member);
        show(member);
    }

    /** Does something at the next restart, after the postmaster has started. */
    PatroniRules afterRestart(Runnable what) {
        onRestart.add(what);
        return this;
    }

    /** Does something at the next reload. */
    PatroniRules afterReload(Runnable what) {
        onReload.add(what);
        return this;
    }

    void busy(String member) {
        busy.add(member);
    }

    /** Leaves the members unaware of a pause. */
    void deaf() {
        recognizes = false;
    }

    boolean paused() {
        return paused;
    }

    /** Starts a member's postmaster anew. */
    void boot(String member) {
        cluster.started(
                member,
                BOOT.plusSeconds(boots.incrementAndGet())
                        .toString()
                        .replace('T', ' ')
                        .replace("Z", "+00:00"));
    }

    /** What a member's PostgreSQL would be asked; the request is answered by the given behaviour instead. */
    void then(String request, ScriptedPatroni.Behaviour behaviour) {
        on(request, rule(request), behaviour);
    }

    private Rule rule(String request) {
        return switch (request) {
            case "POST /restart" -> this::restart;
            case "POST /reinitialize" -> this::reinitialize;
            case "PATCH /config" -> this::patch;
            case "DELETE /restart" -> this::flush;
            default -> throw new IllegalArgumentException(request);
        };
    }

    private void on(String request, Rule rule) {
        for (String member : List.of("pg1", "pg2", "pg3")) {
            cluster.server(member).on(request, (received, socket) -> answer(member, rule, received, socket));
        }
    }

    private void on(String request, Rule rule, ScriptedPatroni.Behaviour instead) {
        for (String member : List.of("pg1", "pg2", "pg3")) {
            cluster.server(member).on(request, (received, socket) -> {
                commands.add(member + " " + received + " " + received.body());
                try {
                    rule.answer(member, received);
                } catch (BadAnswerException e) {
                    throw new IOException(e);
                }
                instead.answer(received, socket);
            });
        }
    }

    private void answer(String member, Rule rule, ScriptedPatroni.Received request, Socket socket)
            throws IOException, InterruptedException {
        commands.add(member + " " + request + " " + request.body());
        ScriptedPatroni.Behaviour behaviour;
        try {
            Answer answer = rule.answer(member, request);
            behaviour = answer.text().isEmpty()
                    ? ScriptedPatroni.page(answer.status(), "x")
                    : answer.text().startsWith("{")
                            ? ScriptedPatroni.body(answer.status(), "application/json", answer.text())
                            : ScriptedPatroni.text(answer.status(), answer.text());
        } catch (BadAnswerException e) {
            behaviour = ScriptedPatroni.page(400, "Bad Request");
        }
        behaviour.answer(request, socket);
    }

    private synchronized Answer restart(String member, ScriptedPatroni.Received request) throws BadAnswerException {
        JsonNode body = request.body().isEmpty() ? Json.object("{}") : Json.object(request.body());
        Set<String> roles = version.has(Feature.PRIMARY_ROLE)
                ? Set.of("primary", "standby_leader", "replica")
                : Set.of("master", "primary", "replica");
        for (Iterator<String> keys = body.fieldNames(); keys.hasNext(); ) {
            String key = keys.next();
            String value = body.path(key).asText();
            Answer wrong = switch (key) {
                case "schedule" -> schedule(value);
                case "role" -> roles.contains(value) ? null : new Answer(400, "PostgreSQL role should be either …");
                case "postgres_version" ->
                    value.matches("\\d+\\.\\d+(\\.\\d+)?")
                            ? null
                            : new Answer(400, "Invalid PostgreSQL version format");
                case "timeout" ->
                    body.path(key).asInt() > 0
                            ? null
                            : new Answer(400, "Timeout should be a positive number of seconds");
                case "restart_pending" -> null;
                default -> new Answer(400, "Unknown filter for the scheduled restart: " + key);
            };
            if (wrong != null) {
                return wrong;
            }
        }
        if (body.has("schedule")) {
            if (paused) {
                return new Answer(500, "Can't schedule restart in the paused state");
            }
            if (schedules.putIfAbsent(member, request.body()) != null) {
                return new Answer(409, "Another restart is already scheduled");
            }
            show(member);
            return new Answer(202, "Restart scheduled");
        }
        if (busy.contains(member)) {
            return new Answer(503, "reinitialize already in progress");
        }
        if (!matches(member, body)) {
            return new Answer(503, "restart conditions are not satisfied");
        }
        pending.remove(member);
        schedules.remove(member);
        boot(member);
        show(member);
        Runnable next = onRestart.poll();
        if (next != null) {
            next.run();
        }
        return new Answer(200, "restarted successfully");
    }

    private boolean matches(String member, JsonNode body) {
        String leader = version.has(Feature.PRIMARY_ROLE) ? "primary" : "master";
        String role = cluster.member(member).leads() ? leader : "replica";
        boolean old = !body.has("postgres_version")
                || body.path("postgres_version").asText().compareTo("17.6") > 0;
        // The presence of the key counts, not its value.
        return (!body.has("role") || body.path("role").asText().equals(role))
                && old
                && (!body.has("restart_pending") || pending.containsKey(member));
    }

    private synchronized Answer reload(String member, ScriptedPatroni.Received request) {
        if (missed.remove(member)) {
            pending(member, "{}");
        }
        Runnable next = onReload.poll();
        if (next != null) {
            next.run();
        }
        return new Answer(202, "reload scheduled");
    }

    private static Answer schedule(String text) {
        try {
            OffsetDateTime at = OffsetDateTime.parse(text, DateTimeFormatter.ISO_OFFSET_DATE_TIME);
            return at.isAfter(OffsetDateTime.now(ZoneOffset.UTC))
                    ? null
                    : new Answer(422, "Cannot schedule restart in the past");
        } catch (DateTimeParseException e) {
            return new Answer(422, "Unable to parse scheduled timestamp.");
        }
    }

    private synchronized Answer flush(String member, ScriptedPatroni.Received request) {
        boolean was = schedules.remove(member) != null;
        show(member);
        return was ? new Answer(200, "scheduled restart deleted") : new Answer(404, "no restarts are scheduled");
    }

    /**
     * As in every version: a body that cannot be read is answered with 400, and the data is thrown away all the same.
     */
    private synchronized Answer reinitialize(String member, ScriptedPatroni.Received request) {
        JsonNode body;
        try {
            body = request.body().isEmpty() ? Json.object("{}") : Json.object(request.body());
        } catch (BadAnswerException e) {
            wiped.add(member);
            return new Answer(400, "");
        }
        if (cluster.member(member).leads()) {
            return new Answer(503, "I am the leader, can not reinitialize");
        }
        if (busy.contains(member) && !body.path("force").asBoolean()) {
            return new Answer(503, "reinitialize already in progress");
        }
        wiped.add(member);
        return new Answer(200, "reinitialize started");
    }

    private synchronized Answer patch(String member, ScriptedPatroni.Received request) throws BadAnswerException {
        JsonNode patch = Json.object(request.body());
        if (patch.isEmpty()) {
            return new Answer(400, "");
        }
        if (patch.has("pause")) {
            paused = patch.path("pause").asBoolean();
            cluster.more(paused ? ", \"pause\": true" : "");
            List.of("pg1", "pg2", "pg3").forEach(this::show);
        }
        if (patch.has("standby_cluster")) {
            standby = patch.path("standby_cluster").isNull()
                    ? ""
                    : ", \"standby_cluster\": " + patch.path("standby_cluster");
            for (String name : List.of("pg1", "pg2", "pg3")) {
                if (cluster.member(name).leads()) {
                    cluster.member(cluster.member(name).role(standby.isEmpty() ? "leader" : "standby_leader"));
                }
            }
        }
        config();
        return new Answer(200, "{\"loop_wait\": 1}");
    }

    private void config() {
        cluster.config("{\"ttl\": 20, \"loop_wait\": 1, \"retry_timeout\": 1, \"maximum_lag_on_failover\": 1048576"
                + (paused ? ", \"pause\": true" : "") + standby + "}");
    }

    /** Puts together what a member says of itself. */
    private void show(String member) {
        StringBuilder more = new StringBuilder();
        String reasons = pending.get(member);
        if (reasons != null) {
            more.append(", \"pending_restart\": true");
            if (version.has(Feature.PENDING_RESTART_REASON)) {
                more.append(", \"pending_restart_reason\": ").append(reasons);
            }
        }
        String schedule = schedules.get(member);
        if (schedule != null) {
            more.append(", \"scheduled_restart\": ").append(schedule);
        }
        if (paused && recognizes) {
            more.append(", \"pause\": true");
        }
        cluster.statusMore(member, more.toString());
    }
}
