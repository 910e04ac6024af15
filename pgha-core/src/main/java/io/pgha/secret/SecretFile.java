package io.pgha.secret;

import io.pgha.PgHaException;
import io.pgha.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * One secret's file in a directory: read whole or not at all, written whole or not at all. Immutable and thread-safe.
 */
final class SecretFile {
    private final SecretDirectory directory;
    private final Path file;

    SecretFile(SecretDirectory directory, String name) {
        this.directory = directory;
        this.file = directory.path().resolve(name);
    }

    /** Empty where there is none, which a link that leads nowhere does not say: its disk may not be mounted. */
    Optional<Secret> read() throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw SecretText.refused(SecretDefect.NO_FILE, file);
        }
        try {
            directory.requireHidden(file);
            return Optional.of(SecretText.read(Files.readAllBytes(file), file));
        } catch (NoSuchFileException absent) {
            if (Files.isSymbolicLink(file)) {
                throw absent;
            }
            return Optional.empty();
        }
    }

    /** Refuses a secret that would be read as another one. */
    Secret checked(Secret secret, String where) {
        return SecretText.checkedFor(file, secret, where);
    }

    /** Whoever links the file first wins, the others get a {@link java.nio.file.FileAlreadyExistsException}. */
    void create(Secret secret) throws IOException {
        directory.make();
        Path fresh = written(secret);
        try {
            Files.createLink(file, fresh);
        } finally {
            Files.deleteIfExists(fresh);
            // Also for the one who comes second: what they read next must outlast a crash, too.
            directory.flush();
        }
    }

    /** Readers see the one or the other file; the caller sees to it that nobody else replaces it meanwhile. */
    void replace(Secret secret) throws IOException {
        if (Files.isSymbolicLink(file)) {
            throw new PgHaException(Problem.of(
                    "secrets.link",
                    "The secret in " + file + " is not replaced: it is a symbolic link to "
                            + Files.readSymbolicLink(file) + ", and what keeps that would not know",
                    "Change it where it is kept, or put a file in the place of " + file + "."));
        }
        Path fresh = written(secret);
        try {
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            directory.flush();
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** Returns a file beside, its content on the disk, with a name that no secret has. */
    private Path written(Secret secret) throws IOException {
        Path fresh = Files.createTempFile(
                directory.path(),
                ".secret",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(
                    fresh,
                    secret.reveal() + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.SYNC);
            return fresh;
        } catch (IOException e) {
            Files.deleteIfExists(fresh);
            throw e;
        }
    }
}
