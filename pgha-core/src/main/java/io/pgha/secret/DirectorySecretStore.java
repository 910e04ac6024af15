package io.pgha.secret;

import io.pgha.Given;
import io.pgha.PgHaException;
import io.pgha.Problem;
import java.io.IOException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Keeps each secret in a file that only its owner can read. */
final class DirectorySecretStore implements SecretStore {
    private final SecretDirectory directory;

    DirectorySecretStore(Path directory) {
        this(new SecretDirectory(directory));
    }

    private DirectorySecretStore(SecretDirectory directory) {
        this.directory = directory;
    }

    @Override
    public SecretStore forCluster(String cluster) {
        return new DirectorySecretStore(directory.within(SecretNames.cluster(cluster)));
    }

    @Override
    public List<String> names() {
        try {
            return directory.names();
        } catch (IOException e) {
            throw unusable("The secrets in " + directory + " cannot be listed", e);
        }
    }

    @Override
    public Optional<Secret> read(String name) {
        SecretFile file = file(name);
        try {
            return file.read();
        } catch (IOException e) {
            throw unusable("The secret " + name + " cannot be read in " + directory, e);
        }
    }

    @Override
    public void put(String name, Secret secret) {
        SecretFile file = file(name);
        Secret checked = file.checked(secret, "The secret " + name);
        try {
            file.create(checked);
        } catch (FileAlreadyExistsException exists) {
            throw SecretConflictException.exists(name);
        } catch (IOException e) {
            throw unusable("The secret " + name + " cannot be kept in " + directory, e);
        }
    }

    @Override
    public void replace(String name, Secret expected, Secret secret) {
        SecretFile file = file(name);
        Given.value(expected, "expected");
        Secret checked = file.checked(secret, "The secret " + name);
        try {
            requireKept(name, file, expected);
            directory.alone(() -> {
                requireKept(name, file, expected);
                file.replace(checked);
            });
        } catch (FileLockInterruptionException e) {
            throw new PgHaException(
                    Problem.of(
                            "secrets.interrupted",
                            "The secret " + name + " in " + directory + " was not replaced: the thread was interrupted",
                            "Replace it again when there is time."),
                    e);
        } catch (IOException e) {
            throw unusable("The secret " + name + " cannot be replaced in " + directory, e);
        }
    }

    private static void requireKept(String name, SecretFile file, Secret expected) throws IOException {
        if (!file.read().equals(Optional.of(expected))) {
            throw SecretConflictException.changed(name);
        }
    }

    private SecretFile file(String name) {
        return new SecretFile(directory, SecretNames.checked(name));
    }

    private PgHaException unusable(String what, IOException cause) {
        return new PgHaException(
                Problem.of(
                        "secrets.io",
                        what + ": " + cause,
                        "Make " + directory + " a directory that this user can read and write."),
                cause);
    }

    @Override
    public String toString() {
        return "Secrets in " + directory;
    }
}
