package io.pgha.spi;

import io.pgha.Given;
import io.pgha.PgHaException;
import io.pgha.Problem;
import io.pgha.model.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Supplier;

/** Keeps each secret in a file that only its owner can read. */
final class DirectorySecretStore implements SecretStore {
    private final Path directory;

    DirectorySecretStore(Path directory) {
        this.directory = directory;
    }

    @Override
    public SecretStore forCluster(String cluster) {
        Given.value(cluster, "cluster");
        return new DirectorySecretStore(directory.resolve(cluster));
    }

    @Override
    public Secret obtain(String name, Supplier<Secret> otherwise) {
        Given.value(name, "name");
        Given.value(otherwise, "otherwise");
        Path file = directory.resolve(name);
        try {
            try {
                return read(file);
            } catch (NoSuchFileException absent) {
                return keep(file, SecretText.checked(otherwise.get(), "The secret " + name));
            }
        } catch (IOException e) {
            throw new PgHaException(
                    Problem.of(
                            "secrets.io",
                            "The secret " + name + " cannot be kept in " + directory + ": " + e,
                            "Make " + directory + " a directory that this user can read and write."),
                    e);
        }
    }

    private static Secret read(Path file) throws IOException {
        return SecretText.read(Files.readAllBytes(file), "The secret in " + file);
    }

    /** Whoever links the file first wins: two processes never keep two secrets of one name. */
    private Secret keep(Path file, Secret secret) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path fresh = Files.createTempFile(
                directory,
                ".secret",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(fresh, secret.reveal() + "\n", StandardCharsets.UTF_8);
            Files.createLink(file, fresh);
            return secret;
        } catch (FileAlreadyExistsException other) {
            return read(file);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    @Override
    public String toString() {
        return "Secrets in " + directory;
    }
}
