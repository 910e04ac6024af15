package io.pgha.secret;

class MemorySecretStoreTest extends SecretStoreContract {
    private final SecretStore store = SecretStore.memory();

    @Override
    protected SecretStore open() {
        return store;
    }
}
