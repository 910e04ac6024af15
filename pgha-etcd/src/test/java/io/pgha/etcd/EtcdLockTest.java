package io.pgha.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.port.OperationLock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The lock of controllers in a real etcd. */
class EtcdLockTest extends AgainstEtcd {
    @Test
    void ofTwoControllersOneIsInside() throws Exception {
        OperationLock.Held first = etcd.lock().acquire(OperationLock.Holder.of("apply 3 changes"));
        CompletableFuture<String> second = CompletableFuture.supplyAsync(() -> {
            try (OperationLock.Held held = etcd.lock().acquire(OperationLock.Holder.of("apply others"))) {
                return "inside " + held.lost();
            } catch (EtcdException e) {
                return e.code() + " " + e.getMessage();
            } catch (InterruptedException e) {
                return "interrupted";
            }
        });
        assertThat(second.get(40, TimeUnit.SECONDS)).startsWith("run.locked").contains("to apply 3 changes");
        assertThat(first.lost()).as("renewed meanwhile").isEmpty();
        first.close();

        AtomicInteger inside = new AtomicInteger();
        AtomicInteger entered = new AtomicInteger();
        List<CompletableFuture<Void>> racers = IntStream.range(0, 10)
                .mapToObj(i -> CompletableFuture.runAsync(() -> {
                    try (OperationLock.Held held = etcd.lock().acquire(OperationLock.Holder.of("race " + i))) {
                        assertThat(held.lost()).isEmpty();
                        assertThat(inside.incrementAndGet()).isEqualTo(1);
                        entered.incrementAndGet();
                        inside.decrementAndGet();
                    } catch (EtcdException locked) {
                        assertThat(locked.code()).isEqualTo(OperationLock.LOCKED);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }))
                .toList();
        for (CompletableFuture<Void> racer : racers) {
            racer.get(60, TimeUnit.SECONDS);
        }
        assertThat(entered.get()).isPositive();
    }

    @Test
    void aLeaseThatNobodyRenewsIsLostAndADeadHoldersKeyGoes() throws Exception {
        OperationLock.Held held = etcd.lock().acquire(OperationLock.Holder.of("apply"));
        etcd.kill(0);
        etcd.kill(1);
        etcd.kill(2);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(25);
        while (held.lost().isEmpty()) {
            assertThat(System.nanoTime()).isLessThan(until);
            TimeUnit.MILLISECONDS.sleep(200);
        }
        assertThat(held.lost())
                .hasValueSatisfying(problem -> assertThat(problem.code()).isEqualTo(OperationLock.LOST));
        held.close();
        assertThat(etcd.lock().acquire(OperationLock.Holder.of("apply")).lost())
                .as("without etcd the hosts alone decide")
                .isEmpty();
    }
}
