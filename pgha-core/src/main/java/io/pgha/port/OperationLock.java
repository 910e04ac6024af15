package io.pgha.port;

import io.pgha.PgHaException;
import io.pgha.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Keeps two controllers from working on one cluster at once. Thread-safe.
 *
 * <p>A run that changes something always takes the lock on the hosts first: a file on every node of the cluster, which
 * each step asks for again before it acts. That lock needs no daemon, so it holds while etcd is founded, restored or
 * down. A component may offer one in the DCS ({@link Offer}); it is taken second and counts only where the DCS answers
 * at that moment. So nothing is ever handed over from one lock to the other: whoever works through the hosts is kept
 * out by the hosts, whoever works on the DCS alone is kept out by the DCS.
 */
public interface OperationLock {

    /** The code of a lock that somebody else holds; nothing was changed. */
    String LOCKED = "run.locked";

    /** The code of a lock that was lost while it was held: no further step is done. */
    String LOST = "run.lock-lost";

    /**
     * Takes the lock. Does network I/O and blocks, for as long as it takes to tell a holder that lives from a dead
     * one's remains.
     *
     * @param holder who wants it and what for
     * @return the lock, held until it is closed
     * @throws PgHaException with the holder in its message, when somebody else holds it ({@link #LOCKED})
     * @throws InterruptedException when the calling thread is interrupted; nothing is held then
     */
    Held acquire(Holder holder) throws InterruptedException;

    /** A lock that is held. Thread-safe. */
    interface Held extends AutoCloseable {

        /**
         * Returns why the lock is not held any more. No I/O.
         *
         * @return the problem, of the code {@link #LOST}; empty while it is held
         */
        Optional<Problem> lost();

        /**
         * Refuses to go on when the lock is not held any more; to be called before each step. No I/O.
         *
         * @throws PgHaException with the problem of {@link #lost()}
         */
        default void check() {
            Optional<Problem> problem = lost();
            if (problem.isPresent()) {
                throw new PgHaException(problem.get());
            }
        }

        /** Gives the lock back; one that cannot be given back ends by itself. Does network I/O. Safe to call twice. */
        @Override
        void close();
    }

    /**
     * Who holds a lock, since when, and what for. Immutable.
     *
     * @param who the operator and the process, for example {@code ops@controller, process 4711}
     * @param since when it was taken, by the operator's clock
     * @param purpose what is being done, for example {@code apply 127 changes}
     */
    record Holder(String who, Instant since, String purpose) {

        /**
         * Returns this process as the holder, from now on.
         *
         * @param purpose what is being done, a verb and its object
         * @return the holder
         */
        public static Holder of(String purpose) {
            return new Holder(
                    System.getProperty("user.name", "somebody") + "@" + machine() + ", process "
                            + ProcessHandle.current().pid(),
                    Instant.now().truncatedTo(ChronoUnit.SECONDS),
                    purpose);
        }

        private static String machine() {
            return Optional.ofNullable(System.getenv("HOSTNAME"))
                    .or(() -> Optional.ofNullable(System.getenv("COMPUTERNAME")))
                    .orElseGet(Holder::kernelsName);
        }

        private static String kernelsName() {
            try {
                return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
            } catch (IOException notLinux) {
                return "an unnamed machine";
            }
        }

        /** Returns one line of printable text. */
        @Override
        public String toString() {
            return (who + ", since " + since + ", to " + purpose).replaceAll("\\p{Cntrl}", "?");
        }
    }
}
