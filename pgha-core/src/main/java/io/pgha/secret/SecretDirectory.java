package io.pgha.secret;

import io.pgha.PgHaException;
import io.pgha.Problem;
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
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A directory of secrets, within the one that the store was given or that one itself: what is in it, who can get into
 * it, and who may change it. Immutable and thread-safe.
 */
final class SecretDirectory {
    private static final String LOCK = ".lock";

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final Set<PosixFilePermission> ENTERED_BY_OTHERS =
            EnumSet.of(PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.OTHERS_EXECUTE);
    private static final Set<PosixFilePermission> USED_BY_OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private final Path store;
    private final Path path;

    SecretDirectory(Path store) {
        this(store, store);
    }

    private SecretDirectory(Path store, Path path) {
        this.store = store;
        this.path = path;
    }

    SecretDirectory within(String cluster) {
        return new SecretDirectory(store, path.resolve(cluster));
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

    /**
     * A mode that is as open as an editor leaves it does no harm in a directory of the store that nobody else can
     * enter. Where something is linked to, what is around it is not known, and its mode decides alone.
     */
    void requireHidden(Path file) throws IOException {
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
        if (Collections.disjoint(mode, USED_BY_OTHERS) || isShutOff(file.toRealPath(), store.toRealPath())) {
            return;
        }
        throw new PgHaException(Problem.of(
                "secrets.exposed",
                "The secret in " + file + " is open to others than its owner: its mode is "
                        + PosixFilePermissions.toString(mode) + ", and no directory of the store shuts them out",
                "chmod 600 " + file + " (or have whatever makes the file give it that mode). Change the password where"
                        + " somebody may have read it."));
    }

    private static boolean isShutOff(Path real, Path store) throws IOException {
        for (Path around = real.getParent(); around != null && around.startsWith(store); around = around.getParent()) {
            if (Collections.disjoint(Files.getPosixFilePermissions(around), ENTERED_BY_OTHERS)) {
                return true;
            }
        }
        return false;
    }

    /**
     * A directory that is lost in a crash takes its secrets along: each is on the disk before anything is put into it.
     */
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

    /**
     * The kernel frees the lock of a process that dies. It fails where another thread of this one has it, hence the
     * monitor.
     */
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
