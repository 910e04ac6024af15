package io.pgha.patroni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberRole;
import io.pgha.patroni.view.MemberView;
import io.pgha.secret.Secret;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Views over real connections. */
@Timeout(60)
class PatroniClientViewTest {
    private final TestIdentity identity = TestIdentity.loopback();
    private final ScriptedPatroni pg1 = ScriptedPatroni.tls(identity);
    private final ScriptedPatroni pg2 = ScriptedPatroni.tls(identity);

    @AfterEach
    void stop() throws Exception {
        pg1.close();
        pg2.close();
    }

    private PatroniClient client(ScriptedPatroni... servers) {
        return Patroni.client(c -> {
            for (ScriptedPatroni server : servers) {
                c.endpoint(server.url());
            }
            return c.trust(identity.certificatePem()).basicAuth("patroni", Secret.of("s3cret"));
        });
    }

    private String cluster(String version) {
        return Wire.cluster(
                version,
                Wire.Member.leader("pg1", pg1.url(), 3),
                Wire.Member.replica("pg2", pg2.url(), 3).lag(2_500_000));
    }

    static final List<String> versions = Wire.VERSIONS;

    @ParameterizedTest
    @FieldSource("versions")
    void readsEveryVersion(String version) throws Exception {
        pg1.on("GET /cluster", ScriptedPatroni.json(cluster(version)));
        pg1.on("GET /patroni", ScriptedPatroni.json(Wire.primary(version, "pg1", 3)));

        try (PatroniClient client = client(pg1)) {
            ClusterView view = client.view();

            assertThat(view.name()).contains("batman");
            assertThat(view.systemId()).contains(Wire.SYSTEM_ID);
            assertThat(view.patroniVersion()).contains(version);
            assertThat(view.paused()).isFalse();
            assertThat(view.members()).extracting(MemberView::name).containsExactly("pg1", "pg2");
            MemberView leader = view.leader().orElseThrow();
            assertThat(leader.name()).isEqualTo("pg1");
            assertThat(leader.role()).isEqualTo(MemberRole.LEADER);
            assertThat(leader.lag()).isEqualTo(OptionalLong.empty());
            MemberView replica = view.member("pg2").orElseThrow();
            assertThat(replica.role()).isEqualTo(MemberRole.REPLICA);
            assertThat(replica.running()).isTrue();
            assertThat(replica.streaming()).isEqualTo(!version.equals("3.0.2"));
            assertThat(replica.timeline()).isEqualTo(OptionalInt.of(3));
            assertThat(replica.lag()).isEqualTo(OptionalLong.of(2_500_000));
            assertThat(replica.host()).contains("10.0.0.2");
        }
        assertThat(pg1.received())
                .allSatisfy(request -> assertThat(request.headers()).doesNotContainKey("authorization"));
    }

    @Test
    void printsTheTableOfPatronictl() throws Exception {
        pg1.on("GET /cluster", ScriptedPatroni.json(cluster("4.1.4")));
        pg1.on("GET /patroni", ScriptedPatroni.json(Wire.primary("4.1.4", "pg1", 3)));

        try (PatroniClient client = client(pg1)) {
            assertThat(client.view()).hasToString("""
                    batman: leader pg1 (TL 3), 1 replica
                    + Cluster: batman (7711212378671725294) --+----+-------------+-----+------------+-----+
                    | Member | Host     | Role    | State     | TL | Receive LSN | Lag | Replay LSN | Lag |
                    +--------+----------+---------+-----------+----+-------------+-----+------------+-----+
                    | pg1    | 10.0.0.1 | Leader  | running   |  3 |             |     |            |     |
                    | pg2    | 10.0.0.2 | Replica | streaming |  3 |   0/4000060 |   2 |  0/4000060 |   2 |
                    +--------+----------+---------+-----------+----+-------------+-----+------------+-----+""");
        }
    }

    @Test
    void aDeadMemberCostsAMomentOnce() throws Exception {
        pg2.on("GET /cluster", ScriptedPatroni.json(cluster("4.1.4")));
        int dead;
        try (ServerSocket socket = new ServerSocket(0)) {
            dead = socket.getLocalPort();
        }
        try (PatroniClient client = Patroni.client(
                c -> c.endpoint("https://127.0.0.1:" + dead).endpoint(pg2.url()).trust(identity.certificatePem()))) {
            assertThat(client.view().leader()).isPresent();
            assertThat(client.view().leader()).isPresent();
        }
        assertThat(pg2.count("GET /cluster")).isEqualTo(2);
    }

    /** Whoever waited for the silent member would wait for an hour. */
    @Test
    void aSilentMemberCostsAStaggerOnce() throws Exception {
        pg1.on("GET /cluster", pg1.stall(""));
        pg2.on("GET /cluster", ScriptedPatroni.json(cluster("4.1.4")));

        try (PatroniClient client = Patroni.client(c -> c.endpoint(pg1.url())
                .endpoint(pg2.url())
                .trust(identity.certificatePem())
                .requestTimeout(Duration.ofHours(1)))) {
            client.view();
            client.view();
        }
        assertThat(pg1.count("GET /cluster")).isEqualTo(1);
    }

    @Test
    void findsTheOtherMembersThroughTheFirst() throws Exception {
        pg1.on("GET /cluster", ScriptedPatroni.json(cluster("4.0.7")));
        pg2.on("GET /cluster", ScriptedPatroni.json(cluster("4.0.7")));

        try (PatroniClient client = client(pg1)) {
            client.view();
            pg1.stop();
            assertThat(client.view().members()).hasSize(2);
        }
        assertThat(pg2.count("GET /cluster")).isEqualTo(1);
    }

    @Test
    void saysWhyNobodyAnswered() throws Exception {
        pg1.on("GET /cluster", ScriptedPatroni.hangUp());
        pg2.on("GET /cluster", ScriptedPatroni.page(502, "Bad gateway"));

        try (PatroniClient client = client(pg1, pg2)) {
            assertThatExceptionOfType(PatroniException.class)
                    .isThrownBy(client::view)
                    .satisfies(e -> assertThat(e.code()).isEqualTo(PatroniException.DCS_UNAVAILABLE))
                    .withMessageContaining(pg1.url() + ": hung up without an answer")
                    .withMessageContaining(pg2.url() + ": answered 502 with an HTML error page")
                    .withMessageContaining("To fix: ");
        }
    }
}
