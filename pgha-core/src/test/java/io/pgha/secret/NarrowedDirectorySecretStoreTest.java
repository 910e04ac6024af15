package io.pgha.secret;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class NarrowedDirectorySecretStoreTest extends SecretStoreContract {
    @TempDir
    private Path directory;

    @Override
    protected SecretStore open() {
        return SecretStore.directory(directory.resolve("secrets")).forCluster("demo");
    }
}
