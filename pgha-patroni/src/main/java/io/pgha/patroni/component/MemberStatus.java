package io.pgha.patroni.component;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgha.host.Script;
import io.pgha.model.Node;
import io.pgha.spi.PlanContext;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a member's Patroni says of itself, and its PostgreSQL of restarts. Both are one question in the same words for all who want
 * to know a part of it, so that a host is asked once. Immutable.
 *
 * @param state PostgreSQL's state in Patroni's words, for example {@code running}; empty where Patroni does not answer
 * @param pendingRestart whether anybody says that a restart is pending
 * @param pendingParameters the parameters that wait for it, as far as they are known
 */
record MemberStatus(String state, boolean pendingRestart, SortedSet<String> pendingParameters) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PENDING = "PostgreSQL: ";
    private static final String RECOVERY = "^(recovery_(target|end|min)|restore_command|archive_cleanup_command"
            + "|primary_conninfo|primary_slot_name|promote_trigger_file)";

    /** The answer of a machine that pgha has never touched. */
    static final String NOBODY = "000";

    /** The answer of a member that serves. */
    static final String SERVES = "200\n{\"state\": \"running\"}";

    MemberStatus {
        pendingParameters = Collections.unmodifiableSortedSet(new TreeSet<>(pendingParameters));
    }

    static String script(PlanContext context, Node node) {
        return sql(context, node)
                + PatroniLayout.get(context.config(), node, "/patroni")
                + "\nprintf '\\n" + PENDING + "%s\\n' \"$(pending_settings name | tr '\\n' ' ')\"";
    }

    /**
     * Defines {@code sql}, which asks the server of this host as its superuser, and prints nothing where it does not answer, and
     * {@code pending_settings}, which asks of those that wait for a restart. Settings of recovery never count, as with Patroni:
     * a promoted leader has no use for them, and PostgreSQL calls them pending as soon as Patroni leaves them out of the file.
     */
    static String sql(PlanContext context, Node node) {
        return Script.of("""
            sql() { (cd / && runuser -u postgres -- {{psql}} -XAtqw -h {{sockets}} -p {{port}} -d postgres -c "$1" 2>/dev/null); }
            pending_settings() { sql "select $1 from pg_settings where pending_restart and name !~ '{{recovery}}'"; }
            """)
                .part("recovery", RECOVERY)
                .value("psql", PatroniLayout.binDirectory(context, node) + "/psql")
                .value("sockets", PatroniLayout.SOCKETS)
                .value("port", context.config().postgres().port())
                .render();
    }

    static MemberStatus parse(String answer) {
        JsonNode said = said(answer);
        TreeSet<String> names = new TreeSet<>();
        answer.lines()
                .filter(line -> line.startsWith(PENDING))
                .flatMap(line -> line.substring(PENDING.length()).strip().lines())
                .forEach(line -> Collections.addAll(names, line.split(" +", -1)));
        said.path("pending_restart_reason").fieldNames().forEachRemaining(names::add);
        return new MemberStatus(
                said.path("state").asText(), said.path("pending_restart").asBoolean() || !names.isEmpty(), names);
    }

    private static JsonNode said(String answer) {
        try {
            return answer.startsWith("200\n")
                    ? JSON.readTree(answer.substring(4).lines().findFirst().orElse(""))
                    : JSON.missingNode();
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }
}
