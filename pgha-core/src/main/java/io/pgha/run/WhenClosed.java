package io.pgha.run;

import io.pgha.Given;
import io.pgha.PgHaException;
import io.pgha.Problem;

/**
 * Says what becomes of an operation that would interrupt the service while maintenance is closed. Immutable and
 * thread-safe.
 */
public sealed interface WhenClosed {

    /** It is refused, and nothing is touched; the default everywhere. */
    record Refuse() implements WhenClosed {}

    /**
     * It is done all the same; that is logged, and the result keeps the reason.
     *
     * @param reason why, one line; no secret in it
     */
    record Proceed(String reason) implements WhenClosed {
        /**
         * Creates the value.
         *
         * @param reason why, one line
         * @throws PgHaException when there is no reason, or one of several lines (code {@code maintenance.reason})
         */
        public Proceed {
            Given.value(reason, "reason");
            if (reason.isBlank() || reason.codePoints().anyMatch(WhenClosed::breaksLine)) {
                throw new PgHaException(Problem.of(
                        "maintenance.reason",
                        "Work while maintenance is closed needs a reason of one line",
                        "Say why in override(..), for example .override(\"disk of postgres-01 fails, ticket 4711\")."));
            }
        }
    }

    /** It begins when maintenance opens next. */
    record Await() implements WhenClosed {}

    /** What the options of every operation have that can interrupt the service. */
    interface Options {
        /**
         * Returns what becomes of the operation while maintenance is closed.
         *
         * @return {@link WhenClosed#refuse()} by default
         */
        WhenClosed whenClosed();
    }

    /**
     * What the builders of such options have. Confined to one thread.
     *
     * @param <B> the builder
     */
    interface Choice<B> {
        /**
         * Sets {@link Options#whenClosed()}.
         *
         * @param whenClosed what becomes of the operation while maintenance is closed
         * @return this builder
         */
        B whenClosed(WhenClosed whenClosed);

        /**
         * Does it even while maintenance is closed.
         *
         * @param reason why, one line; logged, and kept in the result
         * @return this builder
         * @throws PgHaException when there is no reason, or one of several lines (code {@code maintenance.reason})
         */
        default B override(String reason) {
            return whenClosed(WhenClosed.override(reason));
        }

        /**
         * Begins when maintenance opens next, where it is closed.
         *
         * @return this builder
         */
        default B atNextOpening() {
            return whenClosed(WhenClosed.atNextOpening());
        }
    }

    /**
     * Returns that it is refused.
     *
     * @return the default
     */
    static WhenClosed refuse() {
        return new Refuse();
    }

    /**
     * Returns that it is done all the same.
     *
     * @param reason why, one line; logged and kept in the result
     * @return the override
     * @throws PgHaException when there is no reason, or one of several lines (code {@code maintenance.reason})
     */
    static WhenClosed override(String reason) {
        return new Proceed(reason);
    }

    /**
     * Returns that it begins when maintenance opens next.
     *
     * @return the wait
     */
    static WhenClosed atNextOpening() {
        return new Await();
    }

    private static boolean breaksLine(int c) {
        int type = Character.getType(c);
        return Character.isISOControl(c) || type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR;
    }
}
