package io.pgha.patroni.internal.operation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgha.Problem;
import io.pgha.net.Deadline;
import io.pgha.patroni.query.Query;
import io.pgha.patroni.query.QueryFailedException;
import io.pgha.patroni.query.QueryResult;
import io.pgha.patroni.query.QueryRow;
import io.pgha.patroni.view.MemberView;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What members' PostgreSQL complains of after an edit; real ones are asked in the lab. */
class FilesLookTest {
    private static final Deadline NEVER = Deadline.in(Duration.ofHours(1));
    private static final Deadline PASSED = Deadline.in(Duration.ZERO);

    private static final ObjectNode PATCH =
            JsonNodeFactory.instance.objectNode().put("ttl", 30).putNull("note");

    private final Map<String, String> copies = new HashMap<>(Map.of("db1", "{\"ttl\": 30}", "db2", "{\"ttl\": 30}"));
    private final Map<String, Integer> loads = new HashMap<>(Map.of("db1", 1, "db2", 1));
    private final Map<String, List<String>> errors = new HashMap<>();
    private int pauses;

    private QueryResult ask(Query query) {
        String member = query.member().orElseThrow();
        Integer load = loads.get(member);
        if (load == null) {
            throw new QueryFailedException(Problem.of("patroni.query-failed", "no answer", "look"), null, null);
        }
        List<String> told = query.sql().contains("pg_conf_load_time")
                ? List.of("" + load)
                : query.sql().contains("patroni.dynamic.json")
                        ? copies.containsKey(member) ? List.of(copies.get(member)) : List.of()
                        : errors.getOrDefault(member, List.of());
        return new QueryResult(
                member,
                List.of("place", "told"),
                told.stream()
                        .map(text -> new QueryRow(List.of("place", "told"), List.of("", text)))
                        .toList(),
                0);
    }

    private static MemberView member(String name, String state) {
        return MemberView.builder().name(name).roleName("replica").state(state).build();
    }

    private FilesLook before() throws InterruptedException {
        return FilesLook.before(
                this::ask,
                () -> {
                    pauses++;
                    copies.computeIfPresent("db1", (name, copy) -> pauses == 4 ? "{\"ttl\": 30}" : copy);
                    loads.computeIfPresent(pauses == 1 ? "db2" : "db1", (name, load) -> load + 1);
                },
                List.of(member("db1", "running"), member("db2", "streaming"), member("db3", "stopped")));
    }

    @Test
    void everyMemberThatRunsIsAskedOnceItHasReadItsFilesAgain() throws Exception {
        FilesLook look = before();
        errors.put(
                "db1",
                List.of("pg_hba.conf, line 3: invalid regular expression", "work_mem: setting could not be applied"));

        assertThat(look.after(PATCH, List.of(), NEVER)).isEqualTo(errors);
        assertThat(pauses).as("each was waited for").isEqualTo(2);
    }

    /** It writes its copy when it has written, reloaded and looked what waits for a restart. */
    @Test
    void aMemberWhosePatroniHasNotDoneWithItIsWaitedFor() throws Exception {
        FilesLook look = before();
        copies.put("db1", "{\"ttl\": 30, \"note\": \"old\"}");

        assertThat(look.after(PATCH, List.of(), NEVER)).isEmpty();
        assertThat(pauses).isEqualTo(4);
    }

    @Test
    void whoHasNoCopyIsNotWaitedFor() throws Exception {
        FilesLook look = before();
        copies.put("db1", "unreadable");
        copies.remove("db2");

        assertThat(look.after(PATCH, List.of(), NEVER)).isEmpty();
        assertThat(pauses).isEqualTo(2);
    }

    @Test
    void whoReadsNothingIsAskedWhenTheTimeIsOver() throws Exception {
        FilesLook look = before();
        errors.put("db2", List.of("pg_hba.conf, line 1: no such file"));

        assertThat(look.after(PATCH, List.of(), PASSED)).isEqualTo(errors);
        assertThat(pauses).isZero();
    }

    @Test
    void whoDoesNotAnswerIsTold() throws Exception {
        FilesLook look = before();
        loads.remove("db1");

        assertThat(look.after(PATCH, List.of(), NEVER)).isEmpty();
        assertThat(look.unasked()).isEqualTo(Map.of("db1", "its PostgreSQL could not be asked: no answer"));
    }

    @Test
    void whatPostgresQuotesOfASecretIsCovered() throws Exception {
        FilesLook look = before();
        errors.put("db1", List.of("could not parse RADIUS secret list \"my secret\""));

        List<String> rules = List.of("host all all 10.0.0.0/8 radius radiusservers=h radiussecrets=\"my secret\"");
        assertThat(look.after(PATCH, rules, NEVER))
                .isEqualTo(Map.of("db1", List.of("could not parse RADIUS secret list \"****")));
    }
}
