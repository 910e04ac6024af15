package io.pgha.patroni.operation;

import io.pgha.patroni.PatroniException;

/**
 * Maintenance mode for the length of a {@code try} block. Closing it turns the mode off again, unless it was on before.
 *
 * <p>Where the program ends without closing it, the cluster stays paused. Thread-safe.
 */
public interface PauseScope extends AutoCloseable {

    /**
     * Returns what came of turning the mode on.
     *
     * @return whether it was off before, and who has recognized it
     */
    PauseResult result();

    /**
     * Resumes, if this scope paused. Does network I/O and blocks until every member has recognized it, even when the
     * thread is interrupted, which it still is afterwards. Safe to call twice.
     *
     * @throws PatroniException when the cluster could not be resumed; it is still paused then
     */
    @Override
    void close();
}
