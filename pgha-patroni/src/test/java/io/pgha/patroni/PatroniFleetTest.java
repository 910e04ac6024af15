package io.pgha.patroni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.model.InvalidConfigException;
import io.pgha.net.Deadline;
import io.pgha.patroni.view.FleetView;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many clusters on the threads of one, each under its own authority. */
@Timeout(60)
class PatroniFleetTest {
    private final List<ScriptedPatroni> servers = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (ScriptedPatroni server : servers) {
            server.close();
        }
    }

    private ScriptedPatroni server(TestIdentity identity, String scope) {
        ScriptedPatroni server = ScriptedPatroni.tls(identity);
        servers.add(server);
        server.on(
                "GET /cluster",
                ScriptedPatroni.json(Wire.cluster("4.1.4", Wire.Member.leader("pg1", server.url(), 3))
                        .replace("batman", scope)));
        server.on(
                "GET /patroni",
                ScriptedPatroni.json(Wire.primary("4.1.4", "pg1", 3).replace("batman", scope)));
        return server;
    }

    @Test
    void eachClusterIsVouchedForByItsOwnAuthorityAlone() throws Exception {
        TestIdentity one = TestIdentity.forNames("ip:127.0.0.1,dns:one");
        TestIdentity two = TestIdentity.forNames("ip:127.0.0.1,dns:two");
        ScriptedPatroni first = server(one, "first");
        ScriptedPatroni second = server(two, "second");
        ScriptedPatroni third = server(two, "third");
        int dead;
        try (ServerSocket socket = new ServerSocket(0)) {
            dead = socket.getLocalPort();
        }
        try (PatroniFleet fleet = Patroni.fleet(f -> f.cluster(
                        "first", c -> c.endpoint(first.url()).trust(one.certificatePem()))
                .cluster("second", c -> c.endpoint(second.url()).trust(two.certificatePem()))
                .cluster("impostor", c -> c.endpoint(third.url()).trust(one.certificatePem()))
                .cluster("dead", c -> c.endpoint("https://127.0.0.1:" + dead)))) {
            List<FleetView> views = fleet.viewsAsync().get(30, TimeUnit.SECONDS);

            assertThat(views).extracting(FleetView::cluster).containsExactly("first", "second", "impostor", "dead");
            assertThat(views.get(0).view().orElseThrow().name()).contains("first");
            assertThat(views.get(1).view().orElseThrow().name()).contains("second");
            assertThat(views.get(2).failure().orElseThrow().code()).isEqualTo("patroni.tls");
            assertThat(views.get(3).failure().orElseThrow().code()).isEqualTo("patroni.unreachable");
            assertThat(views.get(3).toString()).startsWith("dead: GET /cluster got no usable answer");
            assertThat(third.received()).isEmpty();
        }
    }

    @Test
    void twoClustersBehindOnePlaceKeepTheirOwnAuthorities() throws Exception {
        TestIdentity one = TestIdentity.forNames("ip:127.0.0.1,dns:one");
        TestIdentity two = TestIdentity.forNames("ip:127.0.0.1,dns:two");
        ScriptedPatroni place = server(one, "first");
        try (PatroniFleet fleet = Patroni.fleet(f -> f.parallel(1)
                .cluster("wrong", c -> c.endpoint(place.url()).trust(two.certificatePem()))
                .cluster("right", c -> c.endpoint(place.url()).trust(one.certificatePem())))) {
            List<FleetView> views = fleet.views();
            assertThat(views.get(0).failure()).isPresent();
            assertThat(views.get(1).view()).isPresent();
        }
    }

    @Test
    void aHundredClustersTakeTheThreadsOfOne() throws Exception {
        List<ScriptedPatroni> many = IntStream.range(0, 100)
                .mapToObj(i -> {
                    ScriptedPatroni server = ScriptedPatroni.plain();
                    servers.add(server);
                    server.on(
                            "GET /cluster",
                            ScriptedPatroni.json(Wire.cluster("4.1.4", Wire.Member.leader("pg1", server.url(), 3))));
                    server.on("GET /patroni", ScriptedPatroni.json(Wire.primary("4.1.4", "pg1", 3)));
                    return server;
                })
                .toList();
        try (PatroniFleet fleet = Patroni.fleet(f -> {
            f.parallel(8);
            many.forEach(server -> f.cluster(server.url(), c -> c.endpoint(server.url())));
            return f;
        })) {
            assertThat(fleet.views()).allSatisfy(view -> assertThat(view.view()).isPresent());
            // 8 that look, 16 that dial, 4 of the HTTP client and its selector
            assertThat(threads(fleet)).isLessThanOrEqualTo(29);
        }
    }

    private static long threads(PatroniFleet fleet) {
        assertThat(fleet.clusters()).isNotEmpty();
        return Thread.getAllStackTraces().keySet().stream()
                .filter(ScriptedPatroni::isThreadOfAClient)
                .count();
    }

    @Test
    void closingEndsWhoWaits() throws Exception {
        ScriptedPatroni silent = ScriptedPatroni.plain();
        servers.add(silent);
        silent.on("GET /cluster", silent.stall(""));
        PatroniFleet fleet = Patroni.fleet(f -> f.cluster("silent", c -> c.endpoint(silent.url())));
        try (fleet) {
            CompletableFuture<List<FleetView>> views = fleet.viewsAsync();
            Deadline deadline = Deadline.in(Duration.ofSeconds(20));
            while (silent.count("GET /cluster") == 0) {
                assertThat(deadline.passed()).isFalse();
                Thread.onSpinWait();
            }
            fleet.close();
            assertThatThrownBy(() -> views.get(20, TimeUnit.SECONDS)).isNotNull();
        }
        assertThatExceptionOfType(PatroniException.class)
                .isThrownBy(fleet::views)
                .satisfies(e -> assertThat(e.code()).isEqualTo("patroni.closed"));
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThatExceptionOfType(InvalidConfigException.class).isThrownBy(() -> Patroni.fleet(f -> f));
        assertThatExceptionOfType(InvalidConfigException.class).isThrownBy(() -> Patroni.fleet(f -> f.parallel(0)));
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> Patroni.fleet(f -> f.cluster("a", c -> c.endpoint("http://127.0.0.1:1"))
                        .cluster("a", c -> c.endpoint("http://127.0.0.1:2"))));
    }
}
