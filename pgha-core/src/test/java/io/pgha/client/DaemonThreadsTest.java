package io.pgha.client;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.Test;

class DaemonThreadsTest {
    @Test
    void everyTaskHasADaemonOfItsOwnAtOnce() throws Exception {
        ExecutorService pool = DaemonThreads.pool("pgha-test");
        CyclicBarrier all = new CyclicBarrier(3);

        for (int i = 0; i < 2; i++) {
            pool.execute(() -> meet(all));
        }
        Thread third = CompletableFuture.supplyAsync(
                        () -> {
                            meet(all);
                            return Thread.currentThread();
                        },
                        pool)
                .get(10, SECONDS);

        assertThat(third.getName()).isEqualTo("pgha-test-3");
        assertThat(third.isDaemon()).isTrue();
        pool.shutdown();
    }

    @Test
    void aPoolThatIsShutDownTakesNothingAndSaysNothing() {
        ExecutorService pool = DaemonThreads.pool("pgha-test");
        pool.shutdown();

        assertThatCode(() -> pool.execute(() -> {
                    throw new AssertionError("done by nobody");
                }))
                .doesNotThrowAnyException();
    }

    private static void meet(CyclicBarrier all) {
        try {
            all.await(10, SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
