package io.pgha.port;

import io.pgha.PgHaException;
import java.util.List;
import java.util.Optional;

/**
 * What Patroni keeps of one cluster in its distributed configuration store (DCS), for what Patroni's REST API cannot
 * do: to edit the dynamic configuration by compare-and-set, where the API overwrites whatever somebody else has written
 * meanwhile; to tell when anything changes; and to forget a cluster. Thread-safe.
 */
public interface DistributedConfigStore extends AutoCloseable {

    /**
     * The code of a change that was sent and whose answer was lost. A change that fails with any other code was not
     * made.
     */
    String OUTCOME_UNKNOWN = "dcs.outcome-unknown";

    /**
     * Reads the dynamic configuration. Does network I/O and blocks.
     *
     * @return the text with its revision
     * @throws InterruptedException when the calling thread is interrupted
     */
    Versioned config() throws InterruptedException;

    /**
     * Writes the dynamic configuration if nobody has since it was read. Does network I/O and blocks.
     *
     * @param expected what {@link #config()} returned
     * @param json the new text, a JSON object
     * @return whether it was written; if not, read again and decide anew
     * @throws PgHaException when the DCS fails; whether it was written is unknown where the code is
     *     {@link #OUTCOME_UNKNOWN}
     * @throws InterruptedException when the calling thread is interrupted; whether it was written is unknown then
     */
    boolean replaceConfig(Versioned expected, String json) throws InterruptedException;

    /**
     * Looks at all that Patroni keeps of the cluster. Does network I/O and blocks.
     *
     * @return what is there; no keys where Patroni has never been there, or was forgotten
     * @throws InterruptedException when the calling thread is interrupted
     */
    Contents contents() throws InterruptedException;

    /**
     * Removes all that Patroni keeps of the cluster if nobody has written there since it was looked at. Does network
     * I/O and blocks. Whether the cluster may be forgotten is for the caller to know.
     *
     * @param expected what {@link #contents()} returned
     * @return whether it was removed; if not, look again and decide anew
     * @throws PgHaException when the DCS fails; whether it was removed is unknown where the code is
     *     {@link #OUTCOME_UNKNOWN}
     * @throws InterruptedException when the calling thread is interrupted; whether it was removed is unknown then
     */
    boolean remove(Contents expected) throws InterruptedException;

    /**
     * Tells of changes of all that Patroni keeps in the DCS for the cluster: leader, members, configuration and the
     * rest. Returns at once; a connection that is lost is taken up again, and a change meanwhile is told then.
     *
     * @param changed called on a thread of the store's own, once for changes that follow one another quickly; should
     *     return at once
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

    /**
     * What Patroni keeps of a cluster, all of one moment. Immutable.
     *
     * @param scope the cluster's name
     * @param revision the DCS's number of that moment
     * @param keys how many keys there are
     * @param leader who holds the leader's lock
     * @param members whose Patroni runs: each member's key goes with its lease, at the latest {@code ttl} after its end
     */
    record Contents(String scope, long revision, int keys, Optional<String> leader, List<String> members) {

        /**
         * Copies the list.
         *
         * @param scope the cluster's name
         * @param revision the DCS's number of that moment
         * @param keys how many keys there are
         * @param leader who holds the leader's lock
         * @param members whose Patroni runs
         */
        public Contents {
            members = List.copyOf(members);
        }
    }
}
