package io.pgha.patroni;

import io.pgha.patroni.internal.version.Feature;
import io.pgha.patroni.internal.version.PatroniVersion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What the versions of Patroni put on the wire for a cluster of three, pg1 to pg3. */
public final class Wire {
    static final String SYSTEM_ID = "7711212378671725294";
    static final List<String> VERSIONS = List.of("3.0.2", "3.3.2", "4.0.7", "4.1.4");

    private Wire() {}

    public static PatroniVersion version(String text) {
        return PatroniVersion.parse(text).orElseThrow();
    }

    /** A member in {@code /cluster}. */
    public record Member(String name, String apiUrl, String role, String state, int timeline, long lag, String more) {
        public static Member leader(String name, String apiUrl, int timeline) {
            return new Member(name, apiUrl, "leader", "running", timeline, -1, "");
        }

        public static Member replica(String name, String apiUrl, int timeline) {
            return new Member(name, apiUrl, "replica", "streaming", timeline, 0, "");
        }

        public Member role(String other) {
            return new Member(name, apiUrl, other, state, timeline, lag, more);
        }

        public Member state(String other) {
            return new Member(name, apiUrl, role, other, timeline, lag, more);
        }

        public Member lag(long other) {
            return new Member(name, apiUrl, role, state, timeline, other, more);
        }

        public Member tags(String json) {
            return new Member(name, apiUrl, role, state, timeline, lag, ", \"tags\": " + json);
        }

        boolean leads() {
            return role.equals("leader") || role.equals("standby_leader");
        }

        String json(PatroniVersion version) {
            String shown = version.has(Feature.REPLICATION_STATE) || !state.equals("streaming") ? state : "running";
            StringBuilder json =
                    new StringBuilder("{\"name\": \"" + name + "\", \"role\": \"" + role + "\", \"state\": \""
                            + shown + "\", \"api_url\": \"" + apiUrl + "/patroni\", \"host\": \"10.0.0."
                            + name.charAt(name.length() - 1) + "\", \"port\": 5432" + more);
            if (timeline > 0) {
                json.append(", \"timeline\": ").append(timeline);
            }
            if (!leads()) {
                String bytes = lag < 0 ? "\"unknown\"" : Long.toString(lag);
                json.append(", \"lag\": ").append(bytes);
                if (version.has(Feature.LSN_IN_CLUSTER)) {
                    String lsn = lag < 0 ? "\"unknown\"" : "\"0/4000060\"";
                    json.append(", \"lsn\": ").append(lsn);
                    json.append(", \"receive_lsn\": ")
                            .append(lsn)
                            .append(", \"receive_lag\": ")
                            .append(bytes);
                    json.append(", \"replay_lsn\": ")
                            .append(lsn)
                            .append(", \"replay_lag\": ")
                            .append(bytes);
                }
            }
            return json.append('}').toString();
        }
    }

    public static String cluster(String version, Member... members) {
        return cluster(version, "", members);
    }

    public static String cluster(String version, String more, Member... members) {
        PatroniVersion patroni = version(version);
        List<String> parts = new ArrayList<>();
        for (Member member : members) {
            parts.add(member.json(patroni));
        }
        return "{\"members\": [" + String.join(", ", parts) + "]"
                + (patroni.has(Feature.SCOPE_IN_CLUSTER) ? ", \"scope\": \"batman\"" : "") + more + "}";
    }

    /** {@code GET /patroni} of a member that leads. */
    static String primary(String version, String name, int timeline) {
        PatroniVersion patroni = version(version);
        String role = patroni.has(Feature.PRIMARY_ROLE) ? "primary" : "master";
        return "{\"state\": \"running\", \"postmaster_start_time\": \"2026-11-23 10:00:00.123456+00:00\", \"role\": \""
                + role
                + "\", \"server_version\": 170006, \"xlog\": {\"location\": 67108960}, \"timeline\": " + timeline
                + common(patroni, name);
    }

    /** {@code GET /patroni} of a replica that replicates. */
    static String replica(String version, String name, int timeline, long received) {
        PatroniVersion patroni = version(version);
        return "{\"state\": \"running\", \"postmaster_start_time\": \"2026-11-23 10:00:00+00:00\", \"role\": \"replica\","
                + " \"server_version\": 170006, \"xlog\": {\"received_location\": " + received
                + ", \"replayed_location\": " + received + ", \"replayed_timestamp\": null, \"paused\": false}"
                + (patroni.has(Feature.REPLICATION_STATE) ? ", \"replication_state\": \"streaming\"" : "")
                + ", \"timeline\": " + timeline + common(patroni, name);
    }

    /** What a primary says of the replicas that stream from it. */
    static String senders(Collection<Member> members) {
        List<String> senders = new ArrayList<>();
        for (Member member : members) {
            if (!member.leads() && member.state().equals("streaming")) {
                senders.add("{\"usename\": \"replicator\", \"application_name\": \"" + member.name()
                        + "\", \"state\": \"streaming\", \"sync_state\": \"async\", \"sync_priority\": 0}");
            }
        }
        return senders.isEmpty() ? "" : ", \"replication\": [" + String.join(", ", senders) + "]";
    }

    private static String common(PatroniVersion patroni, String name) {
        return ", \"dcs_last_seen\": 1795428000, \"database_system_identifier\": \"" + SYSTEM_ID
                + "\", \"patroni\": {\"version\": \"" + patroni + "\", \"scope\": \"batman\""
                + (patroni.has(Feature.SCOPE_IN_CLUSTER) ? ", \"name\": \"" + name + "\"" : "") + "}}";
    }
}
