package io.pgha.certs;

import io.pgha.model.Secret;
import io.pgha.spi.CertificateBundle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Keeps each authority in a directory of its own. It is written under another name and renamed when it is whole: a rename onto
 * a directory that has files in it fails, so that of two processes only one ever wins.
 */
final class DirectoryCaStore implements CaStore {
    private static final String CERTIFICATE = "ca.crt";
    private static final String KEY = "ca.key";

    /** A plain file name: no path, nothing hidden. */
    private static final Pattern CLUSTER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._@-]{0,199}");

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path directory;
    private final Secret passphrase;
    private final int iterations;

    DirectoryCaStore(Path directory, Secret passphrase, int iterations) {
        if (passphrase.reveal().isEmpty()) {
            throw PkiException.of(
                    "pki.passphrase-empty",
                    "The certificate authorities in " + directory + " cannot be kept without a passphrase",
                    "Give a passphrase that is not empty.");
        }
        this.directory = directory.toAbsolutePath().normalize();
        this.passphrase = passphrase;
        this.iterations = iterations;
    }

    @Override
    public Optional<CertificateBundle> read(String cluster) {
        Path home = home(cluster);
        try {
            requireParent();
            if (Files.notExists(home, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            return Optional.of(new CertificateBundle(certificate(home), key(home)));
        } catch (IOException e) {
            throw unusable("read", home, e);
        }
    }

    @Override
    public CertificateBundle keep(String cluster, CertificateBundle authority) {
        Path home = home(cluster);
        try {
            requireParent();
            makeDirectory();
            return move(prepare(cluster, authority), home)
                    ? authority
                    : read(cluster).orElseThrow(() -> damaged(home, "it comes and goes"));
        } catch (IOException e) {
            throw unusable("written", home, e);
        }
    }

    private Path home(String cluster) {
        if (!CLUSTER.matcher(cluster).matches()) {
            throw PkiException.of(
                    "pki.invalid-name",
                    "The cluster's name cannot be the name of a directory in " + directory,
                    "Name the cluster with letters, digits, dots and hyphens.");
        }
        return directory.resolve(cluster);
    }

    /** A missing parent is a mistyped path or a disk that is not mounted; to make it would make a second authority there. */
    private void requireParent() {
        Path parent = directory.getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            throw PkiException.of(
                    "pki.directory-missing",
                    "The certificate authorities cannot be kept in " + directory + ": there is no directory " + parent,
                    "Check the path; if it is right, make or mount " + parent + ".");
        }
    }

    private void makeDirectory() throws IOException {
        try {
            Files.createDirectory(directory, OWNER_DIRECTORY);
        } catch (FileAlreadyExistsException exists) {
            if (!Files.isDirectory(directory)) {
                throw exists;
            }
        }
    }

    private Path prepare(String cluster, CertificateBundle authority) throws IOException {
        Path fresh = Files.createTempDirectory(directory, "." + cluster + ".", OWNER_DIRECTORY);
        try {
            write(fresh.resolve(CERTIFICATE), authority.certificate());
            write(fresh.resolve(KEY), encrypted(authority.privateKey()));
            flush(fresh);
            return fresh;
        } catch (IOException | RuntimeException e) {
            discard(fresh);
            throw e;
        }
    }

    private boolean move(Path fresh, Path home) throws IOException {
        try {
            Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
            flush(directory);
            return true;
        } catch (AtomicMoveNotSupportedException e) {
            discard(fresh);
            throw e;
        } catch (FileSystemException e) {
            discard(fresh);
            if (Files.notExists(home, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
            return false;
        }
    }

    private String encrypted(Secret key) {
        byte[] plain = Pem.first(key.reveal(), Pem.PRIVATE_KEY)
                .orElseThrow(() -> new IllegalArgumentException("The authority's key is not PKCS#8 in PEM"))
                .der();
        return Pem.write(Pem.ENCRYPTED_PRIVATE_KEY, EncryptedKey.encrypt(plain, passphrase, iterations));
    }

    private Secret key(Path home) throws IOException {
        Path file = home.resolve(KEY);
        String text = file(home, KEY);
        byte[] encrypted = Pem.first(text, Pem.ENCRYPTED_PRIVATE_KEY)
                .orElseThrow(() -> notEncrypted(home, text))
                .der();
        byte[] plain = decrypted(file, encrypted)
                .filter(candidate -> Keys.read(candidate).isPresent())
                .orElseThrow(() -> wrongPassphrase(file));
        return Secret.of(Pem.write(Pem.PRIVATE_KEY, plain));
    }

    private Optional<byte[]> decrypted(Path file, byte[] encrypted) {
        try {
            return EncryptedKey.decrypt(encrypted, passphrase);
        } catch (IllegalArgumentException e) {
            throw PkiException.of(
                    "pki.key-encryption",
                    "The certificate authority's key " + file + " is damaged or encrypted in an unknown way: "
                            + e.getMessage(),
                    "Restore it from a backup, or encrypt it anew: " + encryption(file),
                    e);
        }
    }

    private static String certificate(Path home) throws IOException {
        String text = file(home, CERTIFICATE);
        if (Certificates.all(text).isEmpty()) {
            throw damaged(home, CERTIFICATE + " is not a certificate in PEM");
        }
        return text;
    }

    private static String file(Path home, String name) throws IOException {
        try {
            return Files.readString(home.resolve(name), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException missing) {
            throw damaged(home, name + " is missing");
        }
    }

    private static void write(Path file, String text) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_FILE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    private static void flush(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void discard(Path fresh) throws IOException {
        Files.deleteIfExists(fresh.resolve(KEY));
        Files.deleteIfExists(fresh.resolve(CERTIFICATE));
        Files.deleteIfExists(fresh);
    }

    private static PkiException wrongPassphrase(Path file) {
        return PkiException.of(
                PkiException.PASSPHRASE_WRONG,
                "The passphrase does not open the certificate authority's key " + file,
                "Give the passphrase that it was made with; to try one by hand, run: openssl pkey -noout -in '" + file
                        + "'");
    }

    private static PkiException notEncrypted(Path home, String text) {
        Path file = home.resolve(KEY);
        return Pem.first(text, Pem.PRIVATE_KEY).isPresent()
                ? PkiException.of(
                        "pki.key-encryption",
                        "The certificate authority's key " + file + " is not encrypted",
                        "Encrypt it: " + encryption(file))
                : damaged(home, KEY + " is not an encrypted PKCS#8 key in PEM");
    }

    private static String encryption(Path file) {
        return "openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -iter " + EncryptedKey.ITERATIONS + " -in '"
                + file + "' -out ca.key.new; then put ca.key.new in its place.";
    }

    private static PkiException damaged(Path home, String why) {
        return PkiException.of(
                PkiException.STORE_DAMAGED,
                "The certificate authority in " + home + " is damaged: " + why,
                "Restore ca.crt and ca.key from a backup. Only where no node has a certificate of this authority yet, delete "
                        + home + " and a new one is made.");
    }

    private PkiException unusable(String what, Path home, IOException cause) {
        return PkiException.of(
                "pki.store-unreadable",
                "The certificate authority in " + home + " cannot be " + what + ": " + cause,
                "Make " + directory + " a directory that this user can read and write, and all in it.",
                cause);
    }
}
