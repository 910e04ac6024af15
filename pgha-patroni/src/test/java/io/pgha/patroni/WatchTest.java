package io.pgha.patroni;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.net.Deadline;
import io.pgha.patroni.view.MemberRole;
import io.pgha.patroni.watch.ClusterEvent;
import io.pgha.patroni.watch.ClusterListener;
import io.pgha.patroni.watch.Watch;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a watch tells, in which order, and how it ends. */
@Timeout(60)
class WatchTest {
    private final FakeCluster cluster = new FakeCluster("4.0.7");
    private final BlockingQueue<ClusterEvent> events = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    private Watch watch(PatroniClient client, ClusterListener listener) throws Exception {
        Watch watch = client.watch(w -> w.interval(Duration.ofMillis(20)).lagThresholdBytes(1000), listener);
        long seen = cluster.server("pg1").count("GET /config");
        while (cluster.server("pg1").count("GET /config") < seen + 2) {
            assertThat(watch.running()).isTrue();
            Thread.onSpinWait();
        }
        return watch;
    }

    private <T extends ClusterEvent> T next(Class<T> type) throws InterruptedException {
        ClusterEvent event = events.poll(20, TimeUnit.SECONDS);
        assertThat(event).isInstanceOf(type);
        return type.cast(event);
    }

    @Test
    void tellsChangesInOrder() throws Exception {
        try (PatroniClient client = cluster.client();
                Watch watch = watch(client, events::add)) {
            assertThat(events).isEmpty();

            cluster.lead("pg2");
            ClusterEvent.LeaderChanged leader = next(ClusterEvent.LeaderChanged.class);
            assertThat(leader.from()).contains("pg1");
            assertThat(leader.to()).contains("pg2");
            assertThat(next(ClusterEvent.TimelineChanged.class).to()).hasValue(4);
            assertThat(next(ClusterEvent.MemberChanged.class).after().name()).isEqualTo("pg1");
            assertThat(next(ClusterEvent.MemberChanged.class).after().role()).isEqualTo(MemberRole.LEADER);

            cluster.member(cluster.member("pg3").lag(5000));
            assertThat(next(ClusterEvent.LagChanged.class).behind()).isTrue();
            cluster.member(cluster.member("pg3").lag(10));
            assertThat(next(ClusterEvent.LagChanged.class).behind()).isFalse();

            cluster.more(", \"pause\": true");
            assertThat(next(ClusterEvent.PauseChanged.class).paused()).isTrue();

            cluster.config(
                    "{\"ttl\": 20, \"loop_wait\": 2, \"retry_timeout\": 1, \"maximum_lag_on_failover\": 1048576}");
            assertThat(next(ClusterEvent.ConfigChanged.class).paths()).isEqualTo(Set.of("loop_wait"));

            cluster.member(cluster.member("pg3").state("stopped").lag(-1));
            assertThat(next(ClusterEvent.MemberChanged.class).after().state()).isEqualTo("stopped");
            assertThat(next(ClusterEvent.LagChanged.class).behind()).isTrue();
            assertThat(watch.running()).isTrue();
        }
    }

    @Test
    void aListenerThatThrowsIsToldTheNextEventAllTheSame() throws Exception {
        try (PatroniClient client = cluster.client();
                Watch watch = watch(client, event -> {
                    events.add(event);
                    throw new IllegalStateException("part of the test");
                })) {
            cluster.more(", \"pause\": true");
            next(ClusterEvent.PauseChanged.class);
            cluster.more("");
            next(ClusterEvent.PauseChanged.class);
            assertThat(watch.running()).isTrue();
        }
    }

    @Test
    void saysWhenNobodyAnswersAndWhenSomebodyDoesAgain() throws Exception {
        try (PatroniClient client = cluster.client();
                Watch watch = watch(client, events::add)) {
            cluster.on("GET /cluster", ScriptedPatroni.hangUp());
            assertThat(next(ClusterEvent.Unreachable.class).reason().code()).isEqualTo("patroni.dcs-unavailable");
            cluster.on(
                    "GET /cluster",
                    (request, socket) -> ScriptedPatroni.json(cluster.cluster()).answer(request, socket));
            assertThat(next(ClusterEvent.ReachableAgain.class).view().leader()).isPresent();
            assertThat(watch.toString()).startsWith("Watch, every 20 ms");
        }
    }

    @Test
    void whatTheDcsTellsIsLookedAtAtOnce() throws Exception {
        TellingStore store = new TellingStore();
        PatroniClientOptions options = PatroniClientOptions.builder()
                .endpoint(cluster.server("pg1").url())
                .trust(cluster.identity.certificatePem())
                .build();
        Backing backing = new Backing(Optional.of(store), Optional.empty(), Optional.empty(), () -> {});
        try (PatroniClient client = new PatroniClient(options, FakeCluster.FAST, backing)) {
            try (Watch watch = client.watch(w -> w.interval(Duration.ofHours(1)), events::add)) {
                while (!watch.toString().contains("Cluster: ")) {
                    assertThat(watch.running()).isTrue();
                    Thread.onSpinWait();
                }
                cluster.lead("pg2");
                store.tell();
                assertThat(next(ClusterEvent.LeaderChanged.class).to()).contains("pg2");
            }
            assertThat(threads()).isEmpty();
            assertThat(store.subscribed()).isFalse();
        }
    }

    /** A DCS that tells of changes when it is told to. */
    private static final class TellingStore extends StubStore {
        private volatile Optional<Runnable> told = Optional.empty();

        void tell() {
            told.orElseThrow().run();
        }

        boolean subscribed() {
            return told.isPresent();
        }

        @Override
        public Subscription watch(Runnable changed) {
            told = Optional.of(changed);
            return () -> told = Optional.empty();
        }
    }

    @Test
    void endsWithItsHandleOrItsClient() throws Exception {
        PatroniClient client = cluster.client();
        try (client) {
            Watch watch = watch(client, events::add);
            watch.close();
            watch.close();
            assertThat(watch.running()).isFalse();
            Watch other = watch(client, events::add);
            client.close();
            assertThat(other.running()).isFalse();
        }
        assertThat(events).isEmpty();
        assertThat(threads()).as("no thread of a watch is left").isEmpty();
    }

    private static Optional<String> threads() throws InterruptedException {
        Deadline deadline = Deadline.in(Duration.ofSeconds(10));
        while (true) {
            Optional<Thread> watch = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().endsWith("-watch") && thread.isAlive())
                    .findFirst();
            if (watch.isEmpty() || deadline.passed()) {
                return watch.map(Thread::getName);
            }
            watch.get().join(100);
        }
    }
}
