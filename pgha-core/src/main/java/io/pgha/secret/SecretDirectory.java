package io.pgha.secret;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A directory of secrets: what is in it, and who may change it. Immutable and thread-safe.
 */
final class SecretDirectory {
    private static final String LOCK = ".lock";

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path path;

    SecretDirectory(Path path) {
        this.path = path;
    }

    SecretDirectory within(String cluster) {
        return new SecretDirectory(path.resolve(cluster));
    }

    Path path() {
        return path;
    }

    /** Names that no secret can have are not its: locks, what an editor leaves behind, directories of clusters. */
    List<String> names() throws IOException {
        try (Stream<Path> entries = Files.list(path)) {
            return entries.filter(entry -> !Files.isDirectory(entry))
                    .map(entry -> entry.getFileName().toString())
                    .filter(SecretNames::isSecret)
                    .sorted()
                    .toList();
        } catch (NoSuchFileException absent) {
            return List.of();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** A directory that is lost in a crash takes its secrets along: each is on the disk before anything is put into it. */
    void make() throws IOException {
        make(path.toAbsolutePath());
    }

    private static void make(Path directory) throws IOException {
        Path parent = directory.getParent();
        if (parent == null || Files.isDirectory(directory)) {
            return;
        }
        make(parent);
        try {
            Files.createDirectory(directory, OWNER_DIRECTORY);
        } catch (FileAlreadyExistsException exists) {
            if (!Files.isDirectory(directory)) {
                throw new NotDirectoryException(directory.toString());
            }
        }
        flush(parent);
    }

    /** What changes a secret while nobody else of this store's users can. */
    interface Work {
        void run() throws IOException;
    }

    /** The kernel frees the lock of a process that dies. It fails where another thread of this one has it, hence the monitor. */
    void alone(Work work) throws IOException {
        synchronized (SecretDirectory.class) {
            try (FileChannel channel = FileChannel.open(
                            path.resolve(LOCK),
                            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                            OWNER_FILE);
                    FileLock lock = channel.lock()) {
                if (!lock.isValid()) {
                    throw new IOException("The lock of " + path.resolve(LOCK) + " was lost");
                }
                work.run();
            }
        }
    }

    void flush() throws IOException {
        flush(path);
    }

    /** An interrupt is left for its thread to find, not for a password to get lost by. */
    private static void flush(Path directory) throws IOException {
        boolean interrupted = false;
        try {
            while (!isFlushed(directory)) {
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean isFlushed(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
            return true;
        } catch (ClosedByInterruptException again) {
            return false;
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
