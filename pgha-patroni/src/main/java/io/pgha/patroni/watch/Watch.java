package io.pgha.patroni.watch;

/**
 * A cluster that is being watched, until this is closed or the client is. Thread-safe; one daemon thread named
 * {@code pgha-patroni-…-watch} looks and tells.
 */
public interface Watch extends AutoCloseable {

    /**
     * Returns whether the watch goes on.
     *
     * @return false once it or its client was closed
     */
    boolean running();

    /**
     * Ends the watch; at most the event that is being told just now is still told. Does not wait. Safe to call twice.
     */
    @Override
    void close();
}
