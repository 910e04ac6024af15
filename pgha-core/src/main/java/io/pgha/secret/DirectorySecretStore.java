package io.pgha.secret;

import io.pgha.Given;
import io.pgha.PgHaException;
import io.pgha.Problem;
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
        return new DirectorySecretStore(below(cluster));
    }

    @Override
    public Secret obtain(String name, Supplier<Secret> otherwise) {
        Given.value(name, "name");
        Given.value(otherwise, "otherwise");
        Path file = below(name);
        try {
            try {
                return read(file);
            } catch (NoSuchFileException absent) {
                return keep(file, SecretText.checkedFor(file, otherwise.get(), "The secret " + name));
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

    /** A name that leads elsewhere would have secrets read or written outside the directory. */
    private Path below(String name) {
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0 || name.indexOf(0) >= 0) {
            throw new PgHaException(Problem.of(
                    "secrets.name",
                    "\"" + name.replace('\0', '?') + "\" is not the name of a file in " + directory,
                    "Use a name without a slash, for example postgres.superuser."));
        }
        return directory.resolve(name);
    }

    private static Secret read(Path file) throws IOException {
        return SecretText.read(Files.readAllBytes(file), file);
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
