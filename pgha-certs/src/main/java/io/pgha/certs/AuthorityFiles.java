package io.pgha.certs;

import io.pgha.Problem;
import io.pgha.certs.internal.crypto.Certificates;
import io.pgha.certs.internal.crypto.EncryptedKey;
import io.pgha.model.InvalidConfigException;
import io.pgha.port.CertificateBundle;
import io.pgha.secret.Secret;
import io.pgha.tls.Pem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes what is kept of one authority into a directory and reads it: {@code ca.crt} and {@code ca.key}, and while it
 * is being replaced those of its successor or predecessor. Keys are encrypted with the passphrase. Thread-safe.
 */
final class AuthorityFiles {
    private static final String CERTIFICATE = "ca.crt";
    private static final String KEY = "ca.key";
    private static final String NEXT_CERTIFICATE = "next.crt";
    private static final String NEXT_KEY = "next.key";
    private static final String FORMER_CERTIFICATE = "former.crt";
    private static final String FORMER_KEY = "former.key";
    private static final String STATE = "state";
    private static final List<String> ALL =
            List.of(KEY, NEXT_KEY, FORMER_KEY, STATE, CERTIFICATE, NEXT_CERTIFICATE, FORMER_CERTIFICATE);

    private static final Pattern STATE_TEXT = Pattern.compile("generation=([0-9]{1,9})\\nrotation=([A-Z]+)\\n");

    static final FileAttribute<Set<PosixFilePermission>> OWNER_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Secret passphrase;
    private final int iterations;

    /** Deriving a key takes most of a second: each encrypted text is opened once. */
    private final Map<String, Secret> opened = new ConcurrentHashMap<>();

    AuthorityFiles(Secret passphrase, int iterations) {
        this.passphrase = passphrase;
        this.iterations = iterations;
    }

    KeptAuthority read(Path home) throws IOException {
        KeptAuthority.Builder kept = KeptAuthority.builder()
                .authority(new CertificateBundle(certificate(home, CERTIFICATE), key(home, KEY)));
        if (Files.notExists(home.resolve(STATE))) {
            return kept.build();
        }
        Matcher state = STATE_TEXT.matcher(file(home, STATE));
        try {
            if (!state.matches()) {
                throw damaged(home, STATE + " is not what was written");
            }
            CaRotation rotation = CaRotation.valueOf(state.group(2));
            kept.generation(Integer.parseInt(state.group(1))).rotation(rotation);
            if (rotation == CaRotation.TRUSTING) {
                kept.successor(new CertificateBundle(certificate(home, NEXT_CERTIFICATE), key(home, NEXT_KEY)));
            } else if (rotation != CaRotation.SETTLED) {
                kept.predecessor(new CertificateBundle(certificate(home, FORMER_CERTIFICATE), key(home, FORMER_KEY)));
            }
            return kept.build();
        } catch (IllegalArgumentException | InvalidConfigException unknown) {
            throw damaged(home, STATE + " is not what was written");
        }
    }

    void write(Path home, KeptAuthority kept) throws IOException {
        write(home.resolve(CERTIFICATE), kept.authority().certificate());
        write(home.resolve(KEY), encrypted(kept.authority().privateKey()));
        if (kept.successor().isPresent()) {
            write(home.resolve(NEXT_CERTIFICATE), kept.successor().get().certificate());
            write(home.resolve(NEXT_KEY), encrypted(kept.successor().get().privateKey()));
        }
        if (kept.predecessor().isPresent()) {
            write(home.resolve(FORMER_CERTIFICATE), kept.predecessor().get().certificate());
            write(home.resolve(FORMER_KEY), encrypted(kept.predecessor().get().privateKey()));
        }
        if (!kept.equals(KeptAuthority.of(kept.authority()))) {
            write(home.resolve(STATE), "generation=" + kept.generation() + "\nrotation=" + kept.rotation() + "\n");
        }
    }

    /** Deletes everything of an authority, the keys first, and its directory. */
    static void discard(Path home) throws IOException {
        empty(home);
        Files.deleteIfExists(home);
    }

    /** Deletes everything of an authority, the keys first. */
    static void empty(Path home) throws IOException {
        for (String name : ALL) {
            Files.deleteIfExists(home.resolve(name));
        }
    }

    private String encrypted(Secret key) {
        byte[] plain = Pem.first(key.reveal(), Pem.PRIVATE_KEY)
                .orElseThrow(() -> new IllegalArgumentException("The authority's key is not PKCS#8 in PEM"))
                .der();
        return Pem.write(Pem.ENCRYPTED_PRIVATE_KEY, EncryptedKey.encrypt(plain, passphrase, iterations));
    }

    private Secret key(Path home, String name) throws IOException {
        String text = file(home, name);
        Secret known = opened.get(text);
        if (known != null) {
            return known;
        }
        Path file = home.resolve(name);
        byte[] encrypted = Pem.first(text, Pem.ENCRYPTED_PRIVATE_KEY)
                .orElseThrow(() -> notEncrypted(home, name, text))
                .der();
        byte[] plain = EncryptedKeys.decrypt(file, encrypted, passphrase);
        Secret key = Secret.of(Pem.write(Pem.PRIVATE_KEY, plain));
        opened.put(text, key);
        return key;
    }

    private static String certificate(Path home, String name) throws IOException {
        String text = file(home, name);
        if (Certificates.all(text).isEmpty()) {
            throw damaged(home, name + " is not a certificate in PEM");
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

    private static PkiException notEncrypted(Path home, String name, String text) {
        Path file = home.resolve(name);
        return Pem.first(text, Pem.PRIVATE_KEY).isPresent()
                ? new PkiException(Problem.of(
                        "pki.key-encryption",
                        "The certificate authority's key " + file + " is not encrypted",
                        "Encrypt it: " + EncryptedKeys.encryption(file)))
                : damaged(home, name + " is not an encrypted PKCS#8 key in PEM");
    }

    static PkiException damaged(Path home, String why) {
        return new PkiException(Problem.of(
                PkiException.STORE_DAMAGED,
                "The certificate authority in " + home + " is damaged: " + why,
                "Restore " + home
                        + " from a backup. Only where no node has a certificate of this authority yet, delete it"
                        + " and a new one is made."));
    }
}
