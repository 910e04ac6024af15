package io.pgha.patroni;

import io.pgha.patroni.internal.protocol.Timing;
import io.pgha.secret.Secret;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** Three scripted members, pg1 to pg3, that tell the same story; a switchover is a line of that story. */
final class FakeCluster implements AutoCloseable {
    static final Timing FAST =
            new Timing(Duration.ofMillis(20), Duration.ofMillis(200), Duration.ofMillis(1500), Duration.ofSeconds(2));

    final TestIdentity identity = TestIdentity.loopback();
    final String version;
    private final Map<String, ScriptedPatroni> servers = new LinkedHashMap<>();
    private final Map<String, Wire.Member> members = new LinkedHashMap<>();
    private final List<String> posts = new CopyOnWriteArrayList<>();
    private String more = "";
    private String history = "[]";
    private final Map<String, String> starts = new HashMap<>();
    private final Map<String, String> statusMore = new HashMap<>();
    private final Map<String, String> statuses = new HashMap<>();

    FakeCluster(String version) {
        this.version = version;
        for (String name : List.of("pg1", "pg2", "pg3")) {
            ScriptedPatroni server = ScriptedPatroni.tls(identity);
            servers.put(name, server);
            server.on(
                    "GET /cluster",
                    (request, socket) -> ScriptedPatroni.json(cluster()).answer(request, socket));
            server.on(
                    "GET /patroni",
                    (request, socket) -> ScriptedPatroni.json(status(name)).answer(request, socket));
            server.on(
                    "GET /history",
                    (request, socket) -> ScriptedPatroni.json(history()).answer(request, socket));
            config("{\"ttl\": 20, \"loop_wait\": 1, \"retry_timeout\": 1, \"maximum_lag_on_failover\": 1048576}");
        }
        member(Wire.Member.leader("pg1", server("pg1").url(), 3));
        member(Wire.Member.replica("pg2", server("pg2").url(), 3));
        member(Wire.Member.replica("pg3", server("pg3").url(), 3));
    }

    ScriptedPatroni server(String name) {
        return servers.get(name);
    }

    synchronized Wire.Member member(String name) {
        return members.get(name);
    }

    synchronized void member(Wire.Member member) {
        members.put(member.name(), member);
    }

    synchronized void more(String json) {
        more = json;
    }

    synchronized void history(String json) {
        history = json;
    }

    void config(String json) {
        servers.values().forEach(server -> server.on("GET /config", ScriptedPatroni.json(json)));
    }

    /** Scripts all members alike. */
    void on(String request, ScriptedPatroni.Behaviour... behaviours) {
        servers.values().forEach(server -> server.on(request, behaviours));
    }

    /** Does a thing when a switchover is asked for, and then answers. */
    void onSwitchover(Runnable happens, ScriptedPatroni.Behaviour then) {
        on("POST /switchover", (request, socket) -> {
            posts.add(request.body());
            happens.run();
            then.answer(request, socket);
        });
    }

    /** The bodies of all switchover requests that any member got. */
    List<String> posts() {
        return posts;
    }

    /** Makes another member the leader, on a new timeline, with the old leader back at once. */
    synchronized void lead(String name) {
        for (Wire.Member member : List.copyOf(members.values())) {
            int timeline = member.timeline() + 1;
            member(
                    member.name().equals(name)
                            ? Wire.Member.leader(member.name(), member.apiUrl(), timeline)
                            : Wire.Member.replica(member.name(), member.apiUrl(), timeline));
        }
    }

    synchronized String cluster() {
        return Wire.cluster(version, more, members.values().toArray(new Wire.Member[0]));
    }

    private synchronized String history() {
        return history;
    }

    /** Says when a member's postmaster started. */
    synchronized void started(String name, String time) {
        starts.put(name, time);
    }

    synchronized String started(String name) {
        return starts.getOrDefault(name, "2026-11-23 10:00:00.123456+00:00");
    }

    /** Adds to what a member says of itself: JSON that begins with a comma. */
    synchronized void statusMore(String name, String json) {
        statusMore.put(name, json);
    }

    synchronized String statusMore(String name) {
        return statusMore.getOrDefault(name, "");
    }

    /** Replaces all that a member says of itself; empty takes it back. */
    synchronized void status(String name, String json) {
        statuses.put(name, json);
    }

    synchronized String status(String name) {
        if (!statuses.getOrDefault(name, "").isEmpty()) {
            return statuses.get(name);
        }
        Wire.Member member = members.get(name);
        String json = member.role().equals("leader")
                ? Wire.primary(version, name, member.timeline())
                : Wire.replica(version, name, member.timeline(), 67108960 - Math.max(0, member.lag()));
        String senders = member.leads() ? Wire.senders(members.values()) : "";
        return json.replaceFirst("\"2026-11-23 10:00:00[.0-9]*\\+00:00\"", "\"" + started(name) + "\"")
                .replaceFirst("\\{", "{\"fake\": 1" + senders + statusMore.getOrDefault(name, "") + ", ");
    }

    PatroniClient client() {
        return client(c -> c);
    }

    PatroniClient client(UnaryOperator<PatroniClientOptions.Builder> more) {
        return client(FAST, more);
    }

    PatroniClient client(Timing timing, UnaryOperator<PatroniClientOptions.Builder> more) {
        PatroniClientOptions.Builder options = PatroniClientOptions.builder()
                .endpoint(server("pg1").url())
                .endpoint(server("pg2").url())
                .trust(identity.certificatePem())
                .basicAuth("patroni", Secret.of("s3cret"));
        return new PatroniClient(more.apply(options).build(), timing, () -> {});
    }

    @Override
    public void close() throws IOException {
        List<IOException> failures = new ArrayList<>();
        for (ScriptedPatroni server : servers.values()) {
            try {
                server.close();
            } catch (IOException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
    }
}
