package io.pgha.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgha.NullArgumentException;
import io.pgha.PgHaException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store of secrets must do, one of a user's own, too: extend it, and say which store. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
public abstract class SecretStoreContract {
    private static final String NAME = "postgres.superuser";
    private static final String OTHER = "etcd.root";

    private static final Secret FIRST = Secret.of("hünter2 \"'$\\ and blanks");
    private static final Secret SECOND = Secret.of("correct-horse");

    private static final int THREADS = 16;
    private static final int ROUNDS = 25;

    private List<SecretStore> opened = List.of();

    /**
     * Opens the store under test, which is empty when it is opened first.
     *
     * @return a store over the same secrets at every call within one test, one of its own each time where there can be
     *     several
     */
    protected abstract SecretStore open();

    private SecretStore store() {
        if (opened.isEmpty()) {
            opened = List.of(open(), open());
        }
        return opened.get(0);
    }

    private SecretStore again() {
        store();
        return opened.get(1);
    }

    @Test
    void nothingIsKeptAtFirstAndReadingMakesNothing() {
        assertThat(store().names()).isEmpty();
        assertThat(store().read(NAME)).isEmpty();
        assertThat(store().names()).isEmpty();
    }

    @Test
    void whatWasPutIsReadEverywhere() {
        store().put(NAME, FIRST);

        assertThat(store().read(NAME)).contains(FIRST);
        assertThat(again().read(NAME)).contains(FIRST);
        assertThat(again().obtain(NAME, SecretStoreContract::nobodyAsks)).isEqualTo(FIRST);
        assertThat(again().read(OTHER)).isEmpty();
    }

    @Test
    void namesAreSorted() {
        for (String name : List.of("patroni.rest", "a", "etcd.root", "9-lives_of.cats", "a".repeat(128))) {
            store().put(name, FIRST);
        }

        assertThat(again().names())
                .containsExactly("9-lives_of.cats", "a", "a".repeat(128), "etcd.root", "patroni.rest");
    }

    @Test
    void nothingIsPutInThePlaceOfAnother() {
        store().put(NAME, FIRST);

        for (Secret secret : List.of(FIRST, SECOND)) {
            assertThatExceptionOfType(SecretConflictException.class)
                    .isThrownBy(() -> again().put(NAME, secret))
                    .withMessageContaining(NAME)
                    .satisfies(e -> assertThat(e.code()).isEqualTo("secrets.exists"))
                    .satisfies(e -> assertThat(e.toString()).doesNotContain(FIRST.reveal(), SECOND.reveal()));
        }
        assertThat(store().read(NAME)).contains(FIRST);
    }

    @Test
    void whatWasReadIsReplaced() {
        store().put(NAME, FIRST);
        again().replace(NAME, FIRST, SECOND);

        assertThat(store().read(NAME)).contains(SECOND);
        assertThat(store().names()).containsExactly(NAME);
        store().replace(NAME, SECOND, SECOND);
        assertThat(again().read(NAME)).contains(SECOND);
    }

    @Test
    void whatSomebodyElseHasChangedIsNotReplaced() {
        store().put(NAME, FIRST);
        again().replace(NAME, FIRST, SECOND);

        changed(() -> store().replace(NAME, FIRST, Secret.of("mine")));
        assertThat(store().read(NAME)).contains(SECOND);
    }

    @Test
    void whatIsNotThereIsNotReplaced() {
        changed(() -> store().replace(NAME, FIRST, SECOND));
        store().put(OTHER, FIRST);
        changed(() -> store().replace(NAME, FIRST, SECOND));

        assertThat(store().names()).containsExactly(OTHER);
    }

    private static void changed(ThrowingCallable replacement) {
        assertThatExceptionOfType(SecretConflictException.class)
                .isThrownBy(replacement)
                .withMessageContaining(NAME)
                .satisfies(e -> assertThat(e.code()).isEqualTo("secrets.changed"))
                .satisfies(e -> assertThat(e.toString()).doesNotContain(FIRST.reveal(), SECOND.reveal(), "mine"));
    }

    @Test
    void whatIsObtainedIsMadeOnce() {
        assertThat(store().obtain(NAME, () -> FIRST)).isEqualTo(FIRST);
        assertThat(store().obtain(NAME, SecretStoreContract::nobodyAsks)).isEqualTo(FIRST);
        assertThat(again().obtain(NAME, SecretStoreContract::nobodyAsks)).isEqualTo(FIRST);
        assertThat(again().read(NAME)).contains(FIRST);
        assertThat(store().names()).containsExactly(NAME);
    }

    private static Secret nobodyAsks() {
        throw new AssertionError("There is one");
    }

    @Test
    void whatIsMadeInTheSameMomentYieldsToTheFirst() {
        Secret obtained = store().obtain(NAME, () -> {
            again().put(NAME, SECOND);
            return FIRST;
        });

        assertThat(obtained).isEqualTo(SECOND);
        assertThat(again().read(NAME)).contains(SECOND);
    }

    @Test
    void aSecretMayNeedAnother() {
        Secret obtained = store().obtain(NAME, () -> store().obtain(OTHER, () -> FIRST));

        assertThat(obtained).isEqualTo(FIRST);
        assertThat(store().names()).containsExactly(OTHER, NAME);
    }

    @Test
    void whereNoneCanBeMadeNoneIsKept() {
        IllegalStateException failure = new IllegalStateException("no entropy");

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> store().obtain(NAME, () -> {
                    throw failure;
                }))
                .isSameAs(failure);
        assertThat(store().names()).isEmpty();
    }

    @Test
    void clustersHaveTheirOwn() {
        SecretStore orders = store().forCluster("orders");
        SecretStore bills = store().forCluster("bills");
        store().put(NAME, FIRST);
        orders.put(NAME, SECOND);
        orders.put(OTHER, SECOND);

        assertThat(bills.names()).isEmpty();
        assertThat(bills.read(NAME)).isEmpty();
        changed(() -> bills.replace(NAME, SECOND, FIRST));
        assertThat(store().names()).containsExactly(NAME);
        assertThat(again().forCluster("orders").names()).containsExactly(OTHER, NAME);
        again().forCluster("orders").replace(NAME, SECOND, FIRST);
        assertThat(orders.read(NAME)).contains(FIRST);
        assertThat(store().read(OTHER)).isEmpty();
        assertThat(store().forCluster("order").names()).isEmpty();
        assertThat(store().forCluster("Orders_2.eu-x").names()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "..",
                "../x",
                "/tmp/x",
                "a/b",
                "a\\b",
                "a\0b",
                "a\nb",
                ".hidden",
                "-rf",
                "Upper",
                "straße",
                "two words",
                "a\u202eb",
                "C:x"
            })
    void aNameLeadsNowhereElse(String name) {
        refusesName(name);
    }

    @Test
    void aNameIsNoLongerThanAFileSystemTakes() {
        refusesName("a".repeat(129));
        refusesName("../".repeat(100_000));
    }

    private void refusesName(String name) {
        for (SecretStore each : List.of(store(), store().forCluster("orders"))) {
            named(() -> each.read(name));
            named(() -> each.obtain(name, SecretStoreContract::nobodyAsks));
            named(() -> each.put(name, FIRST));
            named(() -> each.replace(name, FIRST, SECOND));
            assertThat(each.names()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", ".", "..", "../x", "/tmp/x", "a/b", "a\0b", ".hidden", "-rf", "two words", "straße"})
    void aClusterLeadsNowhereElse(String cluster) {
        named(() -> store().forCluster(cluster));
        named(() -> store().forCluster("orders").forCluster(cluster));
        named(() -> store().forCluster("a".repeat(64)));
    }

    private static void named(ThrowingCallable call) {
        assertThatExceptionOfType(PgHaException.class)
                .isThrownBy(call)
                .withMessageContaining("To fix: ")
                .satisfies(e -> assertThat(e.code()).isEqualTo("secrets.name"))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400).doesNotContain("\0"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "hunter2\n",
                "hunter2\nhunter3",
                "hunter2\0",
                "hunter\t2",
                "hunter\u20282",
                "\uFEFFhunter2",
                "hunter2\ud83d"
            })
    void whatIsNoPasswordIsNotKept(String text) {
        Secret secret = Secret.of(text);
        malformed(() -> store().put(NAME, secret));
        malformed(() -> store().obtain(NAME, () -> secret));
        assertThat(store().names()).isEmpty();

        store().put(NAME, FIRST);
        malformed(() -> store().replace(NAME, FIRST, secret));
        assertThat(again().read(NAME)).contains(FIRST);
    }

    private static void malformed(ThrowingCallable call) {
        assertThatExceptionOfType(PgHaException.class)
                .isThrownBy(call)
                .withMessageContaining("The secret " + NAME)
                .satisfies(e -> assertThat(e.code()).isEqualTo("secrets.malformed"))
                .satisfies(e -> assertThat(e.toString()).doesNotContain("hunter"));
    }

    /** A store of files cannot tell whether they belong to it. */
    @ParameterizedTest
    @ValueSource(strings = {" hunter2", "hunter2 ", "hunter2\u00a0", "\u2003hunter2"})
    void aPasswordWithBlanksAroundItIsKeptAsItIsOrRefused(String text) {
        Secret secret = Secret.of(text);
        try {
            store().put(NAME, secret);
            assertThat(again().read(NAME)).contains(secret);
            assertThat(again().obtain(NAME, SecretStoreContract::nobodyAsks)).isEqualTo(secret);
        } catch (PgHaException refused) {
            assertThat(refused.code()).isEqualTo("secrets.malformed");
            assertThat(refused.toString()).doesNotContain("hunter");
            assertThat(store().names()).isEmpty();
            malformed(() -> store().obtain(NAME, () -> secret));
            store().put(NAME, FIRST);
            malformed(() -> store().replace(NAME, FIRST, secret));
            assertThat(again().read(NAME)).contains(FIRST);
        }
    }

    @Test
    @SuppressWarnings({"DataFlowIssue", "NullAway"}) // what is tried
    void nullIsRefusedByName() {
        isNull("name", () -> store().read(null));
        isNull("name", () -> store().put(null, FIRST));
        isNull("secret", () -> store().put(NAME, null));
        isNull("name", () -> store().replace(null, FIRST, SECOND));
        isNull("expected", () -> store().replace(NAME, null, SECOND));
        isNull("secret", () -> store().replace(NAME, FIRST, null));
        isNull("name", () -> store().obtain(null, () -> FIRST));
        isNull("otherwise", () -> store().obtain(NAME, null));
        isNull("cluster", () -> store().forCluster(null));
        assertThat(store().names()).isEmpty();
    }

    private static void isNull(String argument, ThrowingCallable call) {
        assertThatExceptionOfType(NullArgumentException.class)
                .isThrownBy(call)
                .withMessageContaining(": " + argument + " must not be null");
    }

    @Test
    void itsTextShowsNone() {
        store().put(NAME, FIRST);
        store().forCluster("orders").put(NAME, SECOND);

        assertThat(store() + " " + store().forCluster("orders")).doesNotContain(FIRST.reveal(), SECOND.reveal(), "@");
    }

    @Test
    void ofManyWhoObtainAtOnceAllGetTheSame() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String name = "round-" + round;
            List<Secret> obtained = atOnce(store -> store.obtain(name, () -> Secret.random(20)));

            assertThat(obtained.stream().distinct()).hasSize(1);
            assertThat(store().read(name)).contains(obtained.get(0));
        }
    }

    @Test
    void ofManyWhoPutAtOnceOneWins() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String name = "round-" + round;
            List<List<Secret>> won = atOnce(store -> {
                Secret mine = Secret.random(20);
                try {
                    store.put(name, mine);
                    return List.of(mine);
                } catch (SecretConflictException lost) {
                    return List.of();
                }
            });

            assertThat(won.stream().flatMap(List::stream))
                    .containsExactly(store().read(name).orElseThrow());
        }
    }

    @Test
    void noReplacementIsLost() throws Exception {
        store().put(NAME, Secret.of("0"));
        AtomicInteger replaced = new AtomicInteger();
        atOnce(store -> {
            for (int i = 0; i < ROUNDS; i++) {
                Secret read = store.read(NAME).orElseThrow();
                try {
                    store.replace(NAME, read, Secret.of(String.valueOf(Integer.parseInt(read.reveal()) + 1)));
                    replaced.incrementAndGet();
                } catch (SecretConflictException faster) {
                    assertThat(faster.code()).isEqualTo("secrets.changed");
                }
            }
            return "";
        });

        assertThat(replaced).hasPositiveValue();
        assertThat(store().read(NAME)).contains(Secret.of(String.valueOf(replaced)));
        assertThat(store().names()).containsExactly(NAME);
    }

    @Test
    void whoReadsMeanwhileGetsTheOldOrTheNew() throws Exception {
        List<Secret> both = List.of(Secret.of("a".repeat(2_000)), Secret.of("b".repeat(4_000)));
        store().put(NAME, both.get(0));
        AtomicInteger turn = new AtomicInteger();
        List<List<Secret>> read = atOnce(store -> {
            if (turn.getAndIncrement() == 0) {
                for (int i = 0; i < 4 * ROUNDS; i++) {
                    store.replace(NAME, both.get(i % 2), both.get((i + 1) % 2));
                }
                turn.set(Integer.MIN_VALUE);
                return List.of();
            }
            List<Secret> seen = new ArrayList<>();
            do {
                seen.add(store.read(NAME).orElseThrow());
            } while (turn.get() >= 0);
            return seen;
        });

        assertThat(read.stream().flatMap(List::stream).distinct()).isSubsetOf(both);
    }

    /** What one of many does, half of whom share one store and half another. */
    private interface Part<T> {
        T in(SecretStore store) throws Exception;
    }

    private <T> List<T> atOnce(Part<T> part) throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<T>> parts = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                SecretStore store = i % 2 == 0 ? store() : again();
                parts.add(() -> {
                    start.await();
                    return part.in(store);
                });
            }
            List<T> results = new ArrayList<>();
            for (Future<T> each : executor.invokeAll(parts)) {
                results.add(each.get());
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }
}
