package io.pgha.patroni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgha.PgHaException;
import io.pgha.patroni.internal.text.ConfigMerge;
import io.pgha.patroni.internal.work.ConfigChange;
import io.pgha.patroni.internal.work.ReadyWork;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the component does by conversation with the members. */
class WorkTest extends AtMember {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WANTED = "{\"ttl\": 30, \"loop_wait\": 1}";

    private void takesChanges() {
        cluster.on("PATCH /config", (request, socket) -> {
            cluster.config(WANTED);
            ScriptedPatroni.json("{}").answer(request, socket);
        });
    }

    private static ObjectNode missing(String json) {
        try {
            ObjectNode wanted = (ObjectNode) JSON.readTree(WANTED);
            return ConfigMerge.holds(JSON.readTree(json), wanted) ? JSON.createObjectNode() : wanted;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private final ConfigChange change = new ConfigChange(WorkTest::missing);

    /** What the members were told to change, in order. */
    private List<String> patches() {
        List<String> all = new ArrayList<>();
        for (String name : List.of("pg1", "pg2", "pg3")) {
            cluster.server(name).received().stream()
                    .filter(request -> request.method().equals("PATCH"))
                    .map(request -> name + " " + request.body())
                    .forEach(all::add);
        }
        return all;
    }

    @Test
    void onlyTheOwnMemberIsAskedWhereItTakesTheChange() throws Exception {
        takesChanges();
        change.make(access(), context);

        assertThat(patches()).containsExactly("pg2 {\"ttl\":30,\"loop_wait\":1}");
        assertThat(context.claims()).isEqualTo(1);
    }

    @Test
    void nothingIsSentWhereNothingIsMissing() throws Exception {
        cluster.config(WANTED);
        change.make(access(), context);

        assertThat(patches()).isEmpty();
        assertThat(context.claims()).isZero();
    }

    @Test
    void withoutTheLockNothingIsSent() {
        takesChanges();
        context.loseLock();

        assertThatThrownBy(() -> change.make(access(), context))
                .isInstanceOfSatisfying(
                        PgHaException.class, e -> assertThat(e.code()).isEqualTo("run.lock-lost"));
        assertThat(patches()).isEmpty();
    }

    /** It has just written the key itself, or its etcd is away for a moment. */
    @Test
    void aMemberThatCannotTakeItNowIsAskedAgain() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        cluster.on("PATCH /config", (request, socket) -> {
            boolean taken = asked.incrementAndGet() > 4;
            if (taken) {
                cluster.config(WANTED);
            }
            (taken ? ScriptedPatroni.json("{}") : ScriptedPatroni.text(409, "conflict")).answer(request, socket);
        });
        change.make(access(), context);

        assertThat(asked.get()).isEqualTo(5);
        assertThat(patches()).hasSize(5).contains("pg1 {\"ttl\":30,\"loop_wait\":1}");
    }

    @Test
    void whatPatroniCallsNonsenseIsNotSentAgain() {
        cluster.on("PATCH /config", ScriptedPatroni.text(400, "Bad request"));

        assertThatThrownBy(() -> change.make(access(), context))
                .hasMessageContaining("Patroni answered 400")
                .isInstanceOfSatisfying(
                        PgHaException.class, e -> assertThat(e.code()).isEqualTo("run.step-failed"));
        assertThat(patches()).hasSize(1);
    }

    /** Another member has taken it; the own one sees it in its next round, and nothing is sent twice meanwhile. */
    @Test
    void theOwnMemberIsWaitedFor() throws Exception {
        cluster.server("pg2").on("PATCH /config", ScriptedPatroni.text(409, "conflict"));
        AtomicInteger looks = new AtomicInteger();
        cluster.server("pg1").on("PATCH /config", ScriptedPatroni.json("{}"));
        cluster.server("pg2")
                .on(
                        "GET /config",
                        (request, socket) -> ScriptedPatroni.json(
                                        looks.incrementAndGet() < 4 ? "{\"ttl\": 20}" : WANTED)
                                .answer(request, socket));
        change.make(access(), context);

        assertThat(looks.get()).isEqualTo(4);
        assertThat(patches()).hasSize(2);
    }

    private void state(String name, String state) {
        cluster.status(
                name,
                "{\"state\": \"" + state
                        + "\", \"role\": \"replica\", \"patroni\": {\"version\": \"4.0.7\", \"scope\": \"main\"}}");
    }

    @Test
    void whileAReplicaCopiesTheOthersAreWokenOnceToMakeItsSlot() throws Exception {
        takesChanges();
        AtomicInteger looks = new AtomicInteger();
        cluster.server("pg2").on("GET /patroni", (request, socket) -> {
            state("pg2", looks.incrementAndGet() < 4 ? "creating replica" : "running");
            ScriptedPatroni.json(cluster.status("pg2")).answer(request, socket);
        });
        new ReadyWork("/srv/data").await(access(), context);

        assertThat(looks.get()).isEqualTo(4);
        assertThat(patches()).containsExactlyInAnyOrder("pg1 {\"pgha-wake\":null}", "pg3 {\"pgha-wake\":null}");
    }

    @Test
    void aMemberThatIsUpIsNotWaitedFor() throws Exception {
        new ReadyWork("/srv/data").await(access(), context);
        assertThat(patches()).isEmpty();
    }
}
