package io.pgha.run;

import io.pgha.Given;
import io.pgha.Problem;
import io.pgha.model.maintenance.Closure;
import io.pgha.model.maintenance.MaintenanceConfig;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets operations that interrupt the service through while maintenance is open; everything that pgha does to a running
 * cluster asks here first. Thread-safe.
 *
 * <p>Refusals do no I/O. An override is logged at warn to {@code io.pgha.maintenance}, once an operation.
 */
public final class MaintenanceGate {
    private static final Logger LOG = LoggerFactory.getLogger("io.pgha.maintenance");
    /** The clock is looked at again and again: a machine that slept, or whose clock was set, is not late. */
    private static final Duration LOOK = Duration.ofMillis(200);

    private final MaintenanceConfig maintenance;
    private final InstantSource clock;

    private MaintenanceGate(MaintenanceConfig maintenance, InstantSource clock) {
        this.maintenance = maintenance;
        this.clock = clock;
    }

    /**
     * Returns the gate of some closed times.
     *
     * @param maintenance when maintenance is closed
     * @param clock tells what time it is, for example {@code Clock.systemUTC()}
     * @return the gate
     * @throws io.pgha.model.InvalidConfigException when the closed times are not valid, with all problems
     */
    public static MaintenanceGate of(MaintenanceConfig maintenance, InstantSource clock) {
        Given.value(maintenance, "maintenance");
        Given.value(clock, "clock");
        maintenance.validate();
        return new MaintenanceGate(maintenance, clock);
    }

    /**
     * Returns whether maintenance is closed now.
     *
     * @return what closes it and when it opens; empty when it is open
     */
    public Optional<Closure> closed() {
        return maintenance.closedAt(clock.instant());
    }

    /**
     * Returns the gate that is never closed.
     *
     * @return the gate
     */
    public static MaintenanceGate open() {
        return of(MaintenanceConfig.builder().build(), InstantSource.system());
    }

    /**
     * Returns a pass without asking, for an operation that finds out only later whether it interrupts anything, or that
     * something else carries out later.
     *
     * @param operation what may interrupt the service, as a sentence's beginning
     * @param whenClosed what to do while maintenance is closed
     * @return the pass, to be shown before each interruption
     */
    public Pass pass(String operation, WhenClosed whenClosed) {
        return new Pass(operation, whenClosed);
    }

    /**
     * Asks to begin an operation. Waits where {@link WhenClosed#atNextOpening()} says so, and blocks then.
     *
     * @param operation what interrupts the service, as a sentence's beginning: {@code The switchover of demo}
     * @param whenClosed what to do while maintenance is closed
     * @return the pass, to be shown again before each further interruption of the same operation
     * @throws MaintenanceClosedException when maintenance is closed and nothing else is said
     * @throws InterruptedException when the thread is interrupted while it waits
     */
    public Pass enter(String operation, WhenClosed whenClosed) throws InterruptedException {
        return enter(operation, whenClosed, closure -> LOG.info("{} waits: {}", operation, closure));
    }

    /**
     * Asks to begin an operation, and tells when it has to wait.
     *
     * @param operation what interrupts the service, as a sentence's beginning
     * @param whenClosed what to do while maintenance is closed
     * @param waiting is told why, once, before a wait
     * @return the pass
     * @throws MaintenanceClosedException when maintenance is closed and nothing else is said
     * @throws InterruptedException when the thread is interrupted while it waits
     */
    public Pass enter(String operation, WhenClosed whenClosed, Consumer<Closure> waiting) throws InterruptedException {
        if (whenClosed instanceof WhenClosed.Await) {
            Optional<Closure> closure = closed();
            closure.ifPresent(waiting);
            while (closure.isPresent()) {
                pauseUntil(closure.get().opening().toInstant());
                closure = closed();
            }
        }
        Pass pass = new Pass(operation, whenClosed);
        pass.check(operation);
        return pass;
    }

    private void pauseUntil(Instant opening) throws InterruptedException {
        Duration left = Duration.between(clock.instant(), opening);
        Duration pause = left.compareTo(LOOK) < 0 ? left : LOOK;
        TimeUnit.NANOSECONDS.sleep(Math.max(1, pause.toNanos()));
    }

    /** What an operation was let through with. Thread-safe. */
    public final class Pass {
        private final String operation;
        private final WhenClosed whenClosed;
        private final AtomicBoolean overridden = new AtomicBoolean();

        private Pass(String operation, WhenClosed whenClosed) {
            this.operation = operation;
            this.whenClosed = whenClosed;
        }

        /**
         * Asks again before an interruption: the operation may have begun before the closed time did. Never waits: what
         * waited for an opening and has begun stops at the next closed time like everything else.
         *
         * @param interruption what comes now, as a sentence's beginning: {@code The restart of postgres-02}
         * @throws MaintenanceClosedException when maintenance is closed and not overridden
         */
        public void check(String interruption) {
            check(interruption, clock.instant());
        }

        /**
         * Asks about an interruption that shall take place at another moment.
         *
         * @param interruption what comes then, as a sentence's beginning
         * @param moment when
         * @throws MaintenanceClosedException when maintenance will be closed then and that is not overridden
         */
        public void check(String interruption, Instant moment) {
            Optional<Closure> closure = maintenance.closedAt(moment);
            if (closure.isEmpty()) {
                return;
            }
            if (!(whenClosed instanceof WhenClosed.Proceed proceed)) {
                throw refusal(interruption, closure.get());
            }
            if (overridden.compareAndSet(false, true)) {
                LOG.warn("{} goes on while maintenance is {}: {}", operation, closure.get(), proceed.reason());
            }
        }

        @Override
        public String toString() {
            return operation + ": may pass while maintenance is open"
                    + overridden().map(why -> "; overridden: " + why).orElse("");
        }

        /**
         * Returns why closed times were not respected.
         *
         * @return the override's reason; empty where maintenance was open all the time, so that none was needed
         */
        public Optional<String> overridden() {
            return whenClosed instanceof WhenClosed.Proceed proceed && overridden.get()
                    ? Optional.of(proceed.reason())
                    : Optional.empty();
        }
    }

    @Override
    public String toString() {
        return maintenance.toString();
    }

    private static MaintenanceClosedException refusal(String interruption, Closure closure) {
        return new MaintenanceClosedException(
                Problem.of(
                        MaintenanceClosedException.CODE,
                        interruption + " would interrupt the service, and maintenance is " + closure,
                        "Try again at " + closure.openingText()
                                + " or have it begin then with .atNextOpening(); if it cannot wait, .override(\"the reason\")."),
                closure);
    }
}
