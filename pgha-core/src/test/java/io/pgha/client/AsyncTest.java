package io.pgha.client;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.pgha.PgHaException;
import io.pgha.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AsyncTest {
    private final ExecutorService threads = DaemonThreads.pool("async-test");
    private final Async async = new Async(threads, AsyncTest::closed);
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    @Test
    void completesWithWhatTheWorkReturnsOrThrows() throws Exception {
        assertThat(async.call(() -> "done").get(10, SECONDS)).isEqualTo("done");
        IOException broken = new IOException("broken");
        assertThatThrownBy(() -> async.call(() -> {
                            throw broken;
                        })
                        .get(10, SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCause(broken);
    }

    @Test
    void aCancelledFutureInterruptsItsWork() throws Exception {
        CompletableFuture<String> future = async.call(this::waitForEver);
        assertThat(begun.await(10, SECONDS)).isTrue();
        assertThat(async).hasToString("1 call under way");

        future.cancel(true);

        assertThat(interrupted.await(10, SECONDS)).isTrue();
        assertThat(async).hasToString("0 calls under way");
    }

    @Test
    void noneOutlivesTheClient() throws Exception {
        CompletableFuture<String> future = async.call(this::waitForEver);
        assertThat(begun.await(10, SECONDS)).isTrue();

        async.close();

        assertThatThrownBy(future::get).hasCauseInstanceOf(PgHaException.class).hasMessageContaining("was closed");
        assertThat(interrupted.await(10, SECONDS)).isTrue();
        assertThatThrownBy(() -> async.call(() -> "late")).isInstanceOf(PgHaException.class);
        assertThat(async).hasToString("0 calls under way, closed");
    }

    /** It is closed at the very moment in which a call has found it open. */
    @Test
    void aCallThatMeetsTheEndEndsToo() {
        List<Runnable> neverDone = new ArrayList<>();
        List<Async> own = new ArrayList<>();
        own.add(new Async(
                task -> {
                    neverDone.add(task);
                    own.get(0).close();
                },
                AsyncTest::closed));

        CompletableFuture<String> future = own.get(0).call(() -> "late");

        assertThat(neverDone).hasSize(1);
        assertThat(future).isCompletedExceptionally();
    }

    @Test
    void allIsWaitedForAndEveryFailureTold() throws Exception {
        Map<String, Callable<String>> work = new LinkedHashMap<>();
        work.put("b", () -> "of b");
        work.put("a", () -> "of a");
        assertThat(async.all(work)).containsExactly(entry("b", "of b"), entry("a", "of a"));

        CountDownLatch done = new CountDownLatch(1);
        IllegalStateException first = new IllegalStateException("first");
        work.put("c", () -> {
            throw first;
        });
        work.put("d", () -> {
            throw first;
        });
        work.put("e", () -> {
            done.countDown();
            throw new IOException("second");
        });
        assertThatThrownBy(() -> async.all(work))
                .isSameAs(first)
                .satisfies(e -> assertThat(e.getSuppressed())
                        .singleElement()
                        .satisfies(other -> assertThat(other).hasRootCauseMessage("second")));
        assertThat(done.getCount()).isZero();
    }

    @Test
    void whoIsInterruptedWhileWaitingForAllInterruptsThem() throws Exception {
        Thread waiting = Thread.currentThread();
        CompletableFuture<Void> unused = CompletableFuture.runAsync(
                () -> {
                    try {
                        begun.await();
                        waiting.interrupt();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                },
                threads);

        Map<String, Callable<String>> work = Map.of("a", this::waitForEver);
        assertThatThrownBy(() -> async.all(work)).isInstanceOf(InterruptedException.class);
        assertThat(interrupted.await(10, SECONDS)).isTrue();
    }

    private String waitForEver() throws InterruptedException {
        try {
            begun.countDown();
            new CountDownLatch(1).await();
            return "never";
        } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
        }
    }

    private static PgHaException closed() {
        return new PgHaException(Problem.of("test.closed", "The client was closed", "Open another one."));
    }
}
