package io.pgha.secret;

class NarrowedMemorySecretStoreTest extends SecretStoreContract {
    private final SecretStore store = SecretStore.memory();

    @Override
    protected SecretStore open() {
        return store.forCluster("demo");
    }
}
