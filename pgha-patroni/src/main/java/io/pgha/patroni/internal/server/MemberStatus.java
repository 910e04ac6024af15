package io.pgha.patroni.internal.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgha.host.Script;
import io.pgha.model.Node;
import io.pgha.patroni.internal.layout.PatroniLayout;
import io.pgha.patroni.internal.settings.ServerParameters;
import io.pgha.spi.PlanContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a member's Patroni says of itself, and its PostgreSQL of itself. Both are one question in the same words for all
 * who want to know a part of it, so that a host is asked once. Immutable.
 *
 * @param state PostgreSQL's state in Patroni's words, for example {@code running}; empty where Patroni does not answer
 * @param role what it is in Patroni's words, for example {@code replica}; empty where Patroni does not answer
 * @param limits the parameters of {@link SharedLimits} with which PostgreSQL was started
 * @param pendingRestart whether anybody says that a restart is pending
 * @param pendingParameters the parameters that wait for it, as far as they are known
 * @param said what PostgreSQL said, or psql where PostgreSQL said nothing
 * @param report the same, understood
 * @param journal what Patroni's journal says of parameters that it has not passed on as they were
 */
public record MemberStatus(
        String state,
        String role,
        Map<String, String> limits,
        boolean pendingRestart,
        SortedSet<String> pendingParameters,
        String said,
        Optional<ServerReport> report,
        List<String> journal) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String POSTGRES = "PostgreSQL: ";
    private static final String PATRONI = "Patroni: ";
    private static final String STARTED = "Started: ";
    private static final String AS_ASKED = "as asked";
    private static final Pattern LIMIT = Pattern.compile("--(max_[a-z_]+)=([0-9]+)");

    /** The answer of a machine that pgha has never touched. */
    public static final String NOBODY = "000";

    public MemberStatus {
        limits = Map.copyOf(limits);
        pendingParameters = Collections.unmodifiableSortedSet(new TreeSet<>(pendingParameters));
        journal = List.copyOf(journal);
    }

    /**
     * Returns the answer of a member that serves, in a rehearsal: there is no PostgreSQL that could tell what is in
     * force.
     *
     * @param role what it is in Patroni's words
     * @param limits the limits with which it was started
     */
    public static String serving(String role, Map<String, String> limits) {
        return "200\n{\"state\": \"running\", \"role\": \"" + role + "\"}\n" + STARTED
                + new TreeMap<>(limits)
                        .entrySet().stream()
                                .map(limit -> "--" + limit.getKey() + "=" + limit.getValue())
                                .collect(Collectors.joining(" "))
                + "\n" + POSTGRES + AS_ASKED;
    }

    /**
     * Patroni's journal is read only where something of the dynamic configuration is not in its file. It gives the
     * limits to PostgreSQL in its command, which PostgreSQL keeps beside the data.
     */
    public static String script(PlanContext context, Node node) {
        return sql(context, node)
                + Script.of("""
                    server=$(ask {{query}} 2>&1)
                    {{patronis}}
                    printf '\\n{{started}}%s\\n{{postgres}}%s\\n' "$(cat {{options}} 2>/dev/null)" "$server"
                    case $server in *'"altered": ["'*)
                      journalctl -u patroni -n 20000 -o cat --no-pager \\
                        | sed -n '/parameter[= ]/s/.*WARNING: /{{journal}}/p' | tail -n 50 ;;
                    esac
                    """)
                        .value(
                                "query",
                                ServerQuery.about(ServerParameters.of(context).keySet()))
                        .part("patronis", PatroniLayout.get(context.config(), node, "/patroni"))
                        .value("options", PatroniLayout.dataDirectory(context, node) + "/postmaster.opts")
                        .part("started", STARTED)
                        .part("postgres", POSTGRES)
                        .part("journal", PATRONI)
                        .render();
    }

    /**
     * Defines {@code ask}, which asks the server of this host as its superuser; {@code sql}, which prints nothing where
     * it does not answer; and {@code pending_settings}, which asks of those that wait for a restart. Settings of
     * recovery never count, as with Patroni: PostgreSQL calls them pending on a promoted leader as soon as Patroni
     * leaves them out of the file.
     */
    public static String sql(PlanContext context, Node node) {
        return Script.of("""
            ask() { (cd / && exec runuser -u postgres -- {{psql}} -XAtqw -h {{sockets}} -p {{port}} -d postgres -c "$1"); }
            sql() { ask "$1" 2>/dev/null; }
            pending_settings() { sql "select $1 from pg_settings where pending_restart and name !~ '{{recovery}}'"; }
            """)
                .part("recovery", ServerQuery.RECOVERY)
                .value("psql", PatroniLayout.binDirectory(context, node) + "/psql")
                .value("sockets", PatroniLayout.SOCKETS)
                .value("port", context.config().postgres().port())
                .render();
    }

    public static MemberStatus parse(String answer) {
        JsonNode patroni = patroni(answer);
        String said = answer.lines()
                .dropWhile(line -> !line.startsWith(POSTGRES))
                .filter(line -> !line.startsWith(PATRONI))
                .map(line -> line.startsWith(POSTGRES) ? line.substring(POSTGRES.length()) : line)
                .map(String::strip)
                .collect(Collectors.joining(" "))
                .strip();
        Map<String, String> limits = new HashMap<>();
        answer.lines()
                .filter(line -> line.startsWith(STARTED))
                .flatMap(line -> LIMIT.matcher(line).results())
                .filter(limit -> SharedLimits.isOne(limit.group(1)))
                .forEach(limit -> limits.put(limit.group(1), limit.group(2)));
        Optional<ServerReport> report = ServerReport.parse(said);
        List<String> pending = new ArrayList<>(report.map(ServerReport::pending).orElse(List.of()));
        patroni.path("pending_restart_reason").fieldNames().forEachRemaining(pending::add);
        return new MemberStatus(
                patroni.path("state").asText(),
                patroni.path("role").asText(),
                limits,
                patroni.path("pending_restart").asBoolean() || !pending.isEmpty(),
                new TreeSet<>(pending),
                said,
                report,
                answer.lines()
                        .filter(line -> line.startsWith(PATRONI))
                        .map(line -> line.substring(PATRONI.length()))
                        .toList());
    }

    /** Whether it follows a leader of its cluster. */
    public boolean replica() {
        return role.equals("replica");
    }

    /** Whether this is the answer of a rehearsal. */
    public boolean isAsAsked() {
        return said.equals(AS_ASKED);
    }

    private static JsonNode patroni(String answer) {
        try {
            return answer.startsWith("200\n")
                    ? JSON.readTree(answer.substring(4).lines().findFirst().orElse(""))
                    : JSON.missingNode();
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }
}
