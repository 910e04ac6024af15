package io.pgha.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelLockTest {
    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void file() {
        file = directory.resolve("lock");
    }

    @Test
    void isTakenOnceAtATime() {
        try (KernelLock lock = KernelLock.tryTake(file).orElseThrow()) {
            assertThat(lock).isNotNull();
            assertThat(KernelLock.tryTake(file)).isEmpty();
            KernelLock.tryTake(directory.resolve("other")).orElseThrow().close();
        }
        KernelLock.tryTake(file).orElseThrow().close();
    }

    @Test
    void isWaitedFor() throws Exception {
        KernelLock first = KernelLock.take(file);
        Waiter waiter = new Waiter();
        waiter.awaitWaiting();
        assertThat(waiter.took).isNotDone();
        first.close();
        waiter.took.get(10, TimeUnit.SECONDS);
    }

    @Test
    void isWaitedForUntilAnInterrupt() throws Exception {
        try (KernelLock lock = KernelLock.take(file)) {
            assertThat(lock).isNotNull();
            Waiter waiter = new Waiter();
            waiter.awaitWaiting();
            waiter.interrupt();
            assertThatThrownBy(() -> waiter.took.get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(InterruptedException.class);
        }
        KernelLock.take(file).close();
    }

    @Test
    void isNotLostToAnInterruptThatCameBefore() throws Exception {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> KernelLock.take(file)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        KernelLock.take(file).close();
    }

    /** Takes the lock on a thread of its own, and lets it go. */
    private final class Waiter extends Thread {
        private final CompletableFuture<Boolean> took = new CompletableFuture<>();

        Waiter() {
            start();
        }

        @Override
        public void run() {
            try {
                KernelLock.hold(file, () -> took.complete(true));
            } catch (InterruptedException e) {
                took.completeExceptionally(e);
            }
        }

        void awaitWaiting() throws InterruptedException {
            assertThat(Wait.until(Duration.ofSeconds(10), Duration.ofMillis(5), () -> getState() == State.WAITING))
                    .isTrue();
        }
    }
}
