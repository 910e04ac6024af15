package io.pgha.etcd;

import io.pgha.etcd.internal.dcs.Follower;

/** A watch on what Patroni keeps in etcd. Thread-safe; ends when it is closed. */
public final class DcsWatch implements AutoCloseable {
    private final Follower follower;

    DcsWatch(Follower follower) {
        this.follower = follower;
    }

    @Override
    public String toString() {
        return follower.toString();
    }

    /** Ends it. Safe to call twice. */
    @Override
    public void close() {
        follower.close();
    }
}
