package io.pgha.spi;

/**
 * Holds Patroni's dynamic configuration where Patroni keeps it, in the DCS, so that it can be edited by compare-and-set: Patroni's
 * own REST API overwrites whatever somebody else has written meanwhile. It also tells when anything changes there. Thread-safe.
 */
public interface DynamicConfigStore extends AutoCloseable {

    /**
     * Reads the configuration. Does network I/O and blocks.
     *
     * @return the text with its revision
     * @throws InterruptedException when the calling thread is interrupted
     */
    Versioned read() throws InterruptedException;

    /**
     * Writes the configuration if nobody has since it was read. Does network I/O and blocks.
     *
     * @param expected what {@link #read()} returned
     * @param json the new text, a JSON object
     * @return whether it was written; if not, read again and decide anew
     * @throws InterruptedException when the calling thread is interrupted; whether it was written is unknown then
     */
    boolean replace(Versioned expected, String json) throws InterruptedException;

    /**
     * Tells of changes of all that Patroni keeps in the DCS for the cluster: leader, members, configuration and the rest. Returns
     * at once; a connection that is lost is taken up again, and a change meanwhile is told then.
     *
     * @param changed called on a thread of the store's own, once for changes that follow one another quickly; should return at once
     * @return what ends it; closing the store does as well
     */
    Subscription watch(Runnable changed);

    /** Ends when it is closed. Thread-safe. */
    interface Subscription extends AutoCloseable {
        /** Ends it. Safe to call twice. */
        @Override
        void close();
    }

    /** Closes the connections. Safe to call twice. */
    @Override
    void close();

    /**
     * A configuration as it was read.
     *
     * @param json the text, a JSON object
     * @param revision the DCS's number of the change that wrote it, etcd's {@code mod_revision}
     */
    record Versioned(String json, long revision) {}
}
