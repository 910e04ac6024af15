package io.pgha.ssh.internal.key;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** OpenSSH's known_hosts file, read as OpenSSH reads it. */
public final class KnownHosts {
    private static final Object IN_THIS_JVM = new Object();

    /** How many fields follow the type in a public key of each type; a line with any other type names no key. */
    private static final Map<String, Integer> FIELDS = Map.of(
            "ssh-ed25519", 1,
            "ecdsa-sha2-nistp256", 2,
            "ecdsa-sha2-nistp384", 2,
            "ecdsa-sha2-nistp521", 2,
            "ssh-rsa", 2,
            "ssh-dss", 4,
            "sk-ssh-ed25519@openssh.com", 2,
            "sk-ecdsa-sha2-nistp256@openssh.com", 3);

    private final Path file;

    KnownHosts(Path file) {
        this.file = file;
    }

    /**
     * What the file says about one host.
     *
     * @param keys the keys it may have
     * @param revoked the keys it must not have
     * @param authorities the keys whose certificates OpenSSH would take from it
     */
    record Entries(List<Entry> keys, List<Entry> revoked, List<Entry> authorities) {
        Entries() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }
    }

    /** A key and where it stands. */
    static final class Entry {
        private final String type;
        private final byte[] blob;
        private final int line;

        Entry(String type, byte[] blob, int line) {
            this.type = type;
            this.blob = blob;
            this.line = line;
        }

        /** Returns its type, for example {@code ssh-ed25519}. */
        public String type() {
            return type;
        }

        /** Returns the line's number, from 1. */
        int line() {
            return line;
        }

        boolean is(byte[] other) {
            return MessageDigest.isEqual(blob, other);
        }

        @Override
        public String toString() {
            return describe(blob) + " (line " + line + ")";
        }
    }

    /** Returns a key's kind and fingerprint as {@code ssh-keygen -l} prints them. */
    static String describe(byte[] blob) {
        return kind(type(blob)) + " " + fingerprint(blob);
    }

    public static String fingerprint(byte[] blob) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(blob);
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Returns the type that stands at the start of a public key in SSH's wire format. */
    public static String type(byte[] blob) {
        int length = blob.length < 4 ? -1 : ByteBuffer.wrap(blob).getInt();
        return length < 0 || length > blob.length - 4 ? "" : new String(blob, 4, length, StandardCharsets.US_ASCII);
    }

    private static String kind(String type) {
        if (type.startsWith("ecdsa-")) {
            return "ECDSA";
        }
        return type.replace("ssh-", "").toUpperCase(Locale.ROOT);
    }

    Path file() {
        return file;
    }

    /** Returns whether the file ends inside a line: what is appended would become a part of it. */
    boolean endsInsideLine() {
        try {
            byte[] content = Files.readAllBytes(file);
            return content.length > 0 && content[content.length - 1] != '\n';
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** Returns the folder that the file would be in, where there is none; empty where there is. */
    Optional<Path> missingFolder() {
        return Optional.ofNullable(file.toAbsolutePath().getParent()).filter(Files::notExists);
    }

    /**
     * Reads what the file says about a host.
     *
     * @param name the host, or {@code [host]:port} where the port is not 22
     * @return its entries; none where there is no file
     * @throws IOException when there is a file that cannot be read
     */
    Entries read(String name) throws IOException {
        try {
            return parse(name, Files.readAllBytes(file));
        } catch (NoSuchFileException none) {
            return new Entries();
        }
    }

    private static Entries parse(String name, byte[] content) {
        // Comments may be in any encoding; names and keys are ASCII.
        String[] lines = new String(content, StandardCharsets.ISO_8859_1).split("\n", -1);
        Entries entries = new Entries();
        for (int i = 0; i < lines.length; i++) {
            readLine(entries, lines[i].strip(), i + 1, name.toLowerCase(Locale.ROOT));
        }
        return entries;
    }

    private static void readLine(Entries entries, String line, int number, String name) {
        String[] words = line.split("[ \t]+", -1);
        int at = line.startsWith("@") ? 1 : 0;
        if (line.startsWith("#") || words.length < at + 3) {
            return;
        }
        List<Entry> into;
        if (at == 0) {
            into = entries.keys();
        } else if (words[0].equals("@revoked")) {
            into = entries.revoked();
        } else if (words[0].equals("@cert-authority")) {
            into = entries.authorities();
        } else {
            return;
        }
        if (matches(words[at], name)) {
            try {
                byte[] blob = Base64.getDecoder().decode(words[at + 2]);
                if (isKey(words[at + 1], blob)) {
                    into.add(new Entry(words[at + 1], blob, number));
                }
            } catch (IllegalArgumentException notBase64) {
                // A damaged line names no key; the host then counts as unknown, which says so.
                return;
            }
        }
    }

    /** Returns whether this is a whole public key of that type; lines of SSH's protocol 1 hold three numbers. */
    private static boolean isKey(String type, byte[] blob) {
        if (!FIELDS.containsKey(type) || !type(blob).equals(type)) {
            return false;
        }
        ByteBuffer rest = ByteBuffer.wrap(blob);
        int fields = 0;
        while (rest.remaining() >= Integer.BYTES) {
            int length = rest.getInt();
            if (length < 0 || length > rest.remaining()) {
                return false;
            }
            rest.position(rest.position() + length);
            fields++;
        }
        return !rest.hasRemaining() && fields == FIELDS.get(type) + 1;
    }

    private static boolean matches(String patterns, String name) {
        if (patterns.startsWith("|")) {
            return matchesHash(patterns, name);
        }
        boolean matched = false;
        for (String pattern : patterns.toLowerCase(Locale.ROOT).split(",", -1)) {
            if (pattern.startsWith("!") && matchesPattern(pattern.substring(1), name)) {
                return false;
            }
            matched |= matchesPattern(pattern, name);
        }
        return matched;
    }

    private static boolean matchesPattern(String pattern, String name) {
        if (pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0) {
            return pattern.equals(name);
        }
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
        }
        return name.matches(regex.toString());
    }

    private static boolean matchesHash(String hashed, String name) {
        String[] parts = hashed.split("\\|", -1);
        if (parts.length != 4 || !parts[1].equals("1")) {
            return false;
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(parts[2]), "HmacSHA1"));
            byte[] hash = mac.doFinal(name.getBytes(StandardCharsets.UTF_8));
            return MessageDigest.isEqual(hash, Base64.getDecoder().decode(parts[3]));
        } catch (GeneralSecurityException | IllegalArgumentException damaged) {
            return false;
        }
    }

    /**
     * Adds a key unless the file has meanwhile got any for this host: two threads or processes may meet the same new
     * host.
     *
     * @param name the host, or {@code [host]:port} where the port is not 22
     * @param blob the public key in SSH's wire format
     * @return what the file says about the host afterwards
     * @throws IOException when the file cannot be written
     */
    Entries add(String name, byte[] blob) throws IOException {
        synchronized (IN_THIS_JVM) {
            createPrivately();
            try (FileChannel channel = FileChannel.open(
                            file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DSYNC);
                    FileLock lock = channel.lock()) {
                // Read through this channel: closing any other one on the file would drop the lock (POSIX).
                byte[] content = content(channel);
                Entries entries = parse(name, content);
                if (!entries.keys().isEmpty() || !lock.isValid()) {
                    return entries;
                }
                String line =
                        name + " " + type(blob) + " " + Base64.getEncoder().encodeToString(blob) + "\n";
                boolean insideLine = content.length > 0 && content[content.length - 1] != '\n';
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(insideLine ? "\n" + line : line);
                long end = content.length;
                while (bytes.hasRemaining()) {
                    end += channel.write(bytes, end);
                }
                return parse(name, content(channel));
            }
        }
    }

    private void createPrivately() throws IOException {
        if (Files.exists(file)) {
            return;
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Files.newByteChannel(
                        file,
                        Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
                .close();
    }

    private static byte[] content(FileChannel channel) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(channel.size()));
        int at = 0;
        while (content.hasRemaining() && at >= 0) {
            at = channel.read(content, content.position());
        }
        return Arrays.copyOf(content.array(), content.position());
    }
}
