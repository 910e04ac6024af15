package io.pgha.certs;

import io.pgha.Problem;
import io.pgha.secret.Secret;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Keeps each authority in a directory of its own. It is written under another name and renamed when it is whole: a
 * rename onto a directory that has files in it fails, so that of two processes only one ever wins. What replaces it is
 * a revision: a directory within, named by its number, the highest of which counts; the next number can be taken only
 * once, too.
 */
final class DirectoryCaStore implements CaStore {
    /** A plain file name: no path, nothing hidden. */
    private static final Pattern CLUSTER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._@-]{0,199}");

    private static final Pattern REVISION = Pattern.compile("[1-9][0-9]{0,8}");
    private static final int FIRST = 1;

    private static final String LOCK = ".lock";

    private final Path directory;
    private final AuthorityFiles files;

    DirectoryCaStore(Path directory, Secret passphrase, int iterations) {
        if (passphrase.reveal().isEmpty()) {
            throw new PkiException(Problem.of(
                    "pki.passphrase-empty",
                    "The certificate authorities in " + directory + " cannot be kept without a passphrase",
                    "Give a passphrase that is not empty."));
        }
        this.directory = directory.toAbsolutePath().normalize();
        this.files = new AuthorityFiles(passphrase, iterations);
    }

    @Override
    public Optional<KeptAuthority> read(String cluster) {
        Path home = home(cluster);
        try {
            requireParent();
            if (Files.notExists(home, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            int revision = revision(home);
            try {
                return Optional.of(files.read(place(home, revision)));
            } catch (PkiException e) {
                // Whoever replaced it meanwhile has deleted what was about to be read.
                if (revision(home) == revision) {
                    throw e;
                }
                return read(cluster);
            }
        } catch (IOException e) {
            throw unusable("read", home, e);
        }
    }

    @Override
    public KeptAuthority keep(String cluster, KeptAuthority first) {
        Path home = home(cluster);
        try {
            requireParent();
            makeDirectory();
            return move(prepare(directory, cluster, first), home)
                    ? first
                    : read(cluster).orElseThrow(() -> AuthorityFiles.damaged(home, "it comes and goes"));
        } catch (IOException e) {
            throw unusable("written", home, e);
        }
    }

    @Override
    public void replace(String cluster, KeptAuthority before, KeptAuthority after) {
        Path home = home(cluster);
        if (!read(cluster).equals(Optional.of(before))) {
            throw PkiException.changed(cluster);
        }
        // The file lock keeps out other processes, and fails where another thread of this one has it.
        synchronized (DirectoryCaStore.class) {
            try (FileChannel channel = FileChannel.open(
                            directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (!lock.isValid() || !read(cluster).equals(Optional.of(before))) {
                    throw PkiException.changed(cluster);
                }
                int revision = revision(home) + 1;
                if (!move(prepare(home, "revision", after), place(home, revision))) {
                    throw PkiException.changed(cluster);
                }
                deleteBelow(home, revision);
            } catch (IOException e) {
                throw unusable("written", home, e);
            }
        }
    }

    /** Returns the revision that counts: the highest; the first one has no directory of its own. */
    private static int revision(Path home) throws IOException {
        try (Stream<Path> entries = Files.list(home)) {
            OptionalInt highest = entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> REVISION.matcher(name).matches())
                    .mapToInt(Integer::parseInt)
                    .max();
            return highest.orElse(FIRST);
        }
    }

    private static Path place(Path home, int revision) {
        return revision == FIRST ? home : home.resolve(String.valueOf(revision));
    }

    /** What nobody reads any more still holds a key. */
    private static void deleteBelow(Path home, int revision) throws IOException {
        for (int old = revision - 1; old > FIRST && Files.exists(place(home, old)); old--) {
            AuthorityFiles.discard(place(home, old));
        }
        AuthorityFiles.empty(home);
    }

    private Path home(String cluster) {
        if (!CLUSTER.matcher(cluster).matches()) {
            throw new PkiException(Problem.of(
                    "pki.invalid-name",
                    "The cluster's name cannot be the name of a directory in " + directory,
                    "Name the cluster with letters, digits, dots and hyphens."));
        }
        return directory.resolve(cluster);
    }

    /**
     * A missing parent is a mistyped path or a disk that is not mounted; to make it would make a second authority
     * there.
     */
    private void requireParent() {
        Path parent = directory.getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            throw new PkiException(Problem.of(
                    "pki.directory-missing",
                    "The certificate authorities cannot be kept in " + directory + ": there is no directory " + parent,
                    "Check the path; if it is right, make or mount " + parent + "."));
        }
    }

    private void makeDirectory() throws IOException {
        try {
            Files.createDirectory(directory, AuthorityFiles.OWNER_DIRECTORY);
        } catch (FileAlreadyExistsException exists) {
            if (!Files.isDirectory(directory)) {
                throw exists;
            }
        }
    }

    private Path prepare(Path parent, String name, KeptAuthority authority) throws IOException {
        Path fresh = Files.createTempDirectory(parent, "." + name + ".", AuthorityFiles.OWNER_DIRECTORY);
        try {
            files.write(fresh, authority);
            flush(fresh);
            return fresh;
        } catch (IOException | RuntimeException e) {
            AuthorityFiles.discard(fresh);
            throw e;
        }
    }

    private boolean move(Path fresh, Path home) throws IOException {
        try {
            Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
            flush(home.resolveSibling("."));
            return true;
        } catch (AtomicMoveNotSupportedException e) {
            AuthorityFiles.discard(fresh);
            throw e;
        } catch (FileSystemException e) {
            AuthorityFiles.discard(fresh);
            if (Files.notExists(home, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
            return false;
        }
    }

    private static void flush(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private PkiException unusable(String what, Path home, IOException cause) {
        return new PkiException(
                Problem.of(
                        "pki.store-unreadable",
                        "The certificate authority in " + home + " cannot be " + what + ": " + cause,
                        "Make " + directory + " a directory that this user can read and write, and all in it."),
                cause);
    }

    @Override
    public String toString() {
        return "Certificate authorities in " + directory;
    }
}
