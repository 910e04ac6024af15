package io.pgha.patroni;

import io.pgha.port.DistributedConfigStore;

/** A DCS that can do what a test says, and tells of no changes. */
abstract class StubStore implements DistributedConfigStore {
    @Override
    public Versioned config() throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean replaceConfig(Versioned expected, String json) throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    @Override
    public Contents contents() throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean remove(Contents expected) throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    @Override
    public Subscription watch(Runnable changed) {
        return () -> {};
    }

    @Override
    public void close() {}
}
