package io.pgha.patroni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgha.PgHaException;
import io.pgha.Problem;
import io.pgha.model.InvalidConfigException;
import io.pgha.model.maintenance.MaintenanceConfig;
import io.pgha.patroni.operation.Remove;
import io.pgha.port.DistributedConfigStore;
import io.pgha.run.MaintenanceClosedException;
import io.pgha.run.MaintenanceGate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The removal of a cluster from the DCS, and what keeps one from it. No member is asked: none needs to run. */
@Timeout(60)
class RemoveTest {
    private static Remove.Builder main(Remove.Builder remove) {
        return remove.cluster("main").confirmation("Yes I am aware");
    }

    private final Store store = new Store();

    private static final class Store extends StubStore {
        private long revision = 7;
        private int keys = 9;
        private Optional<String> leader = Optional.empty();
        private List<String> members = List.of();
        private int interferences;
        private Optional<String> failure = Optional.empty();
        private int looksUntilLeasesEnd = Integer.MAX_VALUE;
        private Optional<String> next = Optional.empty();

        @Override
        public Contents contents() {
            if (looksUntilLeasesEnd-- == 0) {
                leader = next;
                members = next.stream().toList();
            }
            return new Contents("main", revision, keys, leader, members);
        }

        @Override
        public boolean remove(Contents expected) {
            if (interferences > 0) {
                interferences--;
                revision++;
            }
            if (expected.revision() != revision) {
                return false;
            }
            if (failure.isPresent()) {
                throw new PgHaException(Problem.of(failure.get(), "The DCS failed", "Look."));
            }
            keys = 0;
            return true;
        }
    }

    private PatroniClient client(Optional<String> closed) {
        PatroniClientOptions.Builder options = PatroniClientOptions.builder().endpoint("https://192.0.2.1:8008");
        InstantSource noon = InstantSource.fixed(Instant.parse("2026-11-24T12:00:00Z"));
        closed.ifPresent(until -> options.maintenance(MaintenanceGate.of(
                MaintenanceConfig.builder().zone("UTC").closed("09:00", until).build(), noon)));
        return new PatroniClient(
                options.build(),
                FakeCluster.FAST,
                new Backing(Optional.of(store), Optional.empty(), Optional.empty(), () -> {}));
    }

    private void refused(UnaryOperator<Remove.Builder> remove, String why) {
        try (PatroniClient client = client(Optional.empty())) {
            assertThatExceptionOfType(PatroniException.class)
                    .isThrownBy(() -> client.remove(remove))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(PatroniException.REMOVE_REFUSED))
                    .withMessageContaining(why)
                    .withMessageContaining("To fix: ");
        }
        assertThat(store.keys).isEqualTo(9);
    }

    @Test
    void aStoppedClusterIsForgottenOnceAndAtAnyTime() throws Exception {
        try (PatroniClient client = client(Optional.of("15:00"))) {
            assertThat(client.remove(RemoveTest::main)).hasToString("The DCS has forgotten main (9 keys)");
            assertThat(client.removeAsync(RemoveTest::main).get()).hasToString("The DCS had nothing of main");
        }
    }

    @Test
    void theThreeAnswersOfPatronictlAreWanted() {
        try (PatroniClient client = client(Optional.empty())) {
            assertThatExceptionOfType(InvalidConfigException.class)
                    .isThrownBy(() -> client.remove(r -> r.confirmation("yes i am aware")))
                    .withMessageContaining("cluster to remove is not named")
                    .withMessageContaining("You did not exactly type");
        }
        refused(r -> r.cluster("mian").confirmation(Remove.CONFIRMATION), "this client's is main");
        store.leader = Optional.of("pg1");
        store.members = List.of("pg1", "pg2");
        refused(RemoveTest::main, "pg1 leads");
        refused(r -> main(r).leader("pg2"), "You did not specify the current leader");
    }

    @Test
    void aMemberWithoutALeaderMayBeAboutToLead() {
        store.members = List.of("pg2");
        refused(r -> main(r).await(Duration.ZERO), "nobody leads, but Patroni runs on pg2");
        refused(r -> main(r).leader("pg2").await(Duration.ofMillis(50)), "nobody leads, but Patroni runs on pg2");
    }

    @Test
    void theKeysOfMembersThatHaveJustStoppedAreWaitedFor() throws Exception {
        store.members = List.of("pg1", "pg2");
        store.looksUntilLeasesEnd = 3;
        try (PatroniClient client = client(Optional.empty())) {
            assertThat(client.remove(RemoveTest::main).running()).isEmpty();
        }
        store.keys = 9;
        store.members = List.of("pg2");
        store.looksUntilLeasesEnd = 3;
        store.next = Optional.of("pg2");
        refused(RemoveTest::main, "pg2 leads");
    }

    @Test
    void aRunningClusterIsRemovedWhereItsLeaderIsNamedAndSaysThatItComesBack() throws Exception {
        store.leader = Optional.of("pg1");
        store.members = List.of("pg1", "pg2");
        try (PatroniClient client = client(Optional.empty())) {
            assertThat(client.remove(r -> main(r).leader("pg1")))
                    .hasToString(
                            "The DCS has forgotten main (9 keys); running members write their keys back: [pg1, pg2]");
        }
    }

    @Test
    void aRunningClusterKeepsItsMarketHours() throws Exception {
        store.leader = Optional.of("pg1");
        UnaryOperator<Remove.Builder> running = r -> main(r).leader("pg1");
        try (PatroniClient client = client(Optional.of("15:00"))) {
            assertThatExceptionOfType(MaintenanceClosedException.class).isThrownBy(() -> client.remove(running));
            assertThat(store.keys).isEqualTo(9);
            assertThat(client.remove(r -> running.apply(r).override("ticket 4711"))
                            .toString())
                    .contains("ticket 4711");
        }
    }

    @Test
    void whoeverWritesMeanwhileIsLookedAtAgain() throws Exception {
        store.interferences = 3;
        try (PatroniClient client = client(Optional.empty())) {
            assertThat(client.remove(RemoveTest::main).keys()).isEqualTo(9);
        }
        store.keys = 9;
        store.interferences = 1000;
        refused(RemoveTest::main, "written to 10 times");
    }

    @Test
    void aLostAnswerIsNoSuccess() {
        store.failure = Optional.of(DistributedConfigStore.OUTCOME_UNKNOWN);
        try (PatroniClient client = client(Optional.empty())) {
            assertThatExceptionOfType(OutcomeUnknownException.class)
                    .isThrownBy(() -> client.remove(RemoveTest::main))
                    .withMessageContaining("Whether main was removed is unknown");
        }
    }

    @Test
    void aFailureThatSentNothingIsToldAsItIs() {
        store.failure = Optional.of("etcd.unreachable");
        try (PatroniClient client = client(Optional.empty())) {
            assertThatExceptionOfType(PgHaException.class)
                    .isThrownBy(() -> client.remove(RemoveTest::main))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("etcd.unreachable"));
        }
    }

    @Test
    void withoutAWayToTheDcsThereIsNone() {
        try (PatroniClient client = Patroni.client(c -> c.endpoint("https://192.0.2.1:8008"))) {
            assertThatExceptionOfType(PatroniException.class)
                    .isThrownBy(() -> client.remove(RemoveTest::main))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(PatroniException.NO_DCS));
        }
    }
}
