package io.pgha.etcd;

import io.pgha.client.Async;
import io.pgha.etcd.internal.dcs.DcsKeys;
import io.pgha.port.DistributedConfigStore.Versioned;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * What Patroni keeps of one cluster in etcd: read as a whole, watched, changed in one place only, the dynamic
 * configuration, by compare-and-set, and removed as a whole. All other keys are Patroni's own. Thread-safe; open as
 * long as the {@link EtcdClient} it came from.
 */
public final class Dcs {
    private final DcsKeys keys;
    private final Async async;

    Dcs(DcsKeys keys, Async async) {
        this.keys = keys;
        this.async = async;
    }

    /**
     * Reads everything, in one request that needs a quorum: what it returns was true at one moment. Does network I/O
     * and blocks.
     *
     * @return the view; without members and leader where Patroni has never been there
     * @throws EtcdException {@code etcd.unreachable}, {@code etcd.no-quorum}, {@code etcd.tls} or
     *     {@code etcd.unauthorized}
     * @throws InterruptedException when the thread is interrupted
     */
    public DcsView view() throws InterruptedException {
        return keys.view();
    }

    /**
     * Reads everything, later; the twin of {@link #view()}.
     *
     * @return completes with the view, or with the exception that {@link #view()} would throw
     */
    public CompletableFuture<DcsView> viewAsync() {
        return async.call(this::view);
    }

    /**
     * Tells what is there now, and again after each change. Changes that follow one another quickly may be told as one;
     * none is told late because etcd, a member or the connection was away: the watch takes itself up again. Returns at
     * once.
     *
     * @param listener is told on one thread of the client; what it throws is logged and changes nothing
     * @return the watch, going on until it or the client is closed
     */
    public DcsWatch watch(Consumer<DcsView> listener) {
        return new DcsWatch(keys.follow(listener));
    }

    /**
     * Writes the dynamic configuration if nobody has since it was read. Does network I/O and blocks. A lost answer is
     * followed up by a look.
     *
     * @param expected what {@link DcsView#config()} had
     * @param json the new text, a JSON object
     * @return whether it was written; if not, read again and decide anew
     * @throws EtcdException {@code etcd.refused} for what is no JSON object: Patroni would put its last known
     *     configuration in its place; {@code etcd.no-space}; and the codes of {@link #view()}
     * @throws InterruptedException when the thread is interrupted; whether it was written is unknown then
     */
    public boolean replaceConfig(Versioned expected, String json) throws InterruptedException {
        return keys.replaceConfig(expected, json);
    }

    @Override
    public String toString() {
        return keys.toString();
    }
}
