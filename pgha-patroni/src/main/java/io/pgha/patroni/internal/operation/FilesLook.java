package io.pgha.patroni.internal.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgha.model.hba.HbaSecrets;
import io.pgha.net.Deadline;
import io.pgha.patroni.config.ConfigPreview;
import io.pgha.patroni.internal.text.BadAnswerException;
import io.pgha.patroni.internal.text.ConfigMerge;
import io.pgha.patroni.internal.text.Json;
import io.pgha.patroni.query.Query;
import io.pgha.patroni.query.QueryFailedException;
import io.pgha.patroni.query.QueryResult;
import io.pgha.patroni.query.QueryRow;
import io.pgha.patroni.view.MemberView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks each member's PostgreSQL what it cannot take of the files that Patroni has written for an edit: it goes on with
 * what it had, and would not start again. Confined to one call.
 */
public final class FilesLook {
    private static final String LOADED = "select extract(epoch from pg_catalog.pg_conf_load_time())::text as told";

    /**
     * Patroni keeps a copy of the dynamic configuration beside the data, which it writes once it has acted on a change.
     */
    private static final String TAKEN =
            "select pg_catalog.pg_read_file('patroni.dynamic.json', 0, 16777216, true) as told";

    /** What waits for a restart is told as such. */
    private static final String ERRORS = """
            select 'pg_hba.conf, line ' || line_number || ': ' as place, error as told
              from pg_catalog.pg_hba_file_rules where error is not null
            union all
            select coalesce(nullif(f.name, '') || ': ', ''), f.error
              from pg_catalog.pg_file_settings f
             where f.error is not null
               and not exists (select from pg_catalog.pg_settings s
                                where pg_catalog.lower(s.name) = pg_catalog.lower(f.name) and s.pending_restart)""";

    private static final Duration ONE_QUERY = Duration.ofSeconds(5);
    private static final List<String> WRITTEN =
            List.of("postgresql.parameters", "postgresql.pg_hba", "postgresql.pg_ident");

    private final Asking asking;
    private final Pause pause;
    private final List<MemberView> members;
    private final Map<String, Optional<String>> loaded = new LinkedHashMap<>();
    private final Map<String, String> unasked = new LinkedHashMap<>();

    /** Asks a member's PostgreSQL. */
    @FunctionalInterface
    public interface Asking {
        QueryResult ask(Query query) throws InterruptedException;
    }

    /** Waits between two looks. */
    @FunctionalInterface
    interface Pause {
        void pause() throws InterruptedException;
    }

    private FilesLook(Asking asking, Pause pause, List<MemberView> members) {
        this.asking = asking;
        this.pause = pause;
        this.members = members;
    }

    /** Returns whether an edit changes what Patroni writes into files of PostgreSQL's. */
    static boolean concerns(ConfigPreview edit) {
        return edit.paths().stream().anyMatch(path -> WRITTEN.stream().anyMatch(path::startsWith));
    }

    /** Takes note of when each member has read its files, before an edit. */
    static FilesLook before(Asking asking, Pause pause, List<MemberView> members) throws InterruptedException {
        FilesLook look = new FilesLook(
                asking, pause, members.stream().filter(MemberView::running).toList());
        for (MemberView member : look.members) {
            look.loaded.put(member.name(), look.loadTime(member));
        }
        return look;
    }

    /**
     * Waits until those who have taken the edit over have read their files again and their Patroni has done with it, as
     * long as a round of Patroni's may take, and returns what they complain of. An edit that changes no file makes
     * nobody read it.
     *
     * @param patch what the edit has changed
     * @param rules the lines of pg_hba.conf, of which PostgreSQL may quote a secret
     */
    Map<String, List<String>> after(ObjectNode patch, List<String> rules, Deadline deadline)
            throws InterruptedException {
        List<MemberView> waiting = new ArrayList<>(members);
        while (true) {
            List<MemberView> still = new ArrayList<>();
            for (MemberView member : waiting) {
                if (loadTime(member).equals(loaded.get(member.name())) || !hasTaken(member, patch)) {
                    still.add(member);
                }
            }
            if (still.isEmpty() || deadline.passed()) {
                return complaints(rules);
            }
            waiting = still;
            pause.pause();
        }
    }

    /** Who did not answer when it was asked what it complains of, and why. */
    Map<String, String> unasked() {
        return Map.copyOf(unasked);
    }

    private Map<String, List<String>> complaints(List<String> rules) throws InterruptedException {
        Map<String, List<String>> complaints = new LinkedHashMap<>();
        for (MemberView member : members) {
            try {
                List<String> told = ask(member, ERRORS).stream()
                        .map(row -> row.text("place").orElse("")
                                + HbaSecrets.coveredError(
                                        rules, row.text("told").orElse("")))
                        .toList();
                if (!told.isEmpty()) {
                    complaints.put(member.name(), told);
                }
            } catch (QueryFailedException e) {
                unasked.put(
                        member.name(),
                        "its PostgreSQL could not be asked: " + e.problem().message());
            }
        }
        return complaints;
    }

    /** Returns empty where PostgreSQL does not answer: whether it does is told by {@link #complaints}. */
    private Optional<String> loadTime(MemberView member) throws InterruptedException {
        try {
            return ask(member, LOADED).stream()
                    .flatMap(row -> row.text("told").stream())
                    .findFirst();
        } catch (QueryFailedException e) {
            return Optional.empty();
        }
    }

    /** Who cannot tell is not waited for. */
    private boolean hasTaken(MemberView member, ObjectNode patch) throws InterruptedException {
        try {
            Optional<String> copy = ask(member, TAKEN).stream()
                    .flatMap(row -> row.text("told").stream())
                    .findFirst();
            return copy.isEmpty() || ConfigMerge.holds(Json.object(copy.get()), patch);
        } catch (QueryFailedException | BadAnswerException unknown) {
            return true;
        }
    }

    private List<QueryRow> ask(MemberView member, String sql) throws InterruptedException {
        return asking.ask(Query.builder()
                        .sql(sql)
                        .member(member.name())
                        .timeout(ONE_QUERY)
                        .build())
                .rows();
    }
}
