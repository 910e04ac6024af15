package io.pgha.resource;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What a file's probe tells: mode and owner in one line, and the content (or, for secrets, its hash) in the next.
 *
 * @param attributes {@code MODE USER:GROUP}, or {@code absent}, or {@code other} for what is no plain file
 * @param fingerprint the content in base64, or its SHA-256 in hexadecimal digits
 */
record FileState(String attributes, String fingerprint) {

    static FileState of(FileResource file) {
        byte[] bytes = file.content().getBytes(StandardCharsets.UTF_8);
        return new FileState(
                file.mode() + " " + file.owner(),
                file.visibility() != FileResource.Visibility.HIDDEN
                        ? Base64.getEncoder().encodeToString(bytes)
                        : HexFormat.of().formatHex(sha256(bytes)));
    }

    static FileState of(Optional<HostFile> found, FileResource.Visibility visibility) {
        return found.filter(HostFile::plain)
                .map(file -> new FileState(
                        file.attributes(),
                        visibility != FileResource.Visibility.HIDDEN ? file.base64() : file.digits()))
                .orElseGet(() -> new FileState(found.isPresent() ? "other" : "absent", ""));
    }

    static FileState parse(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? new FileState(text, "") : new FileState(text.substring(0, end), text.substring(end + 1));
    }

    String text() {
        return (attributes + "\n" + fingerprint).stripTrailing();
    }

    String content() {
        return new String(Base64.getDecoder().decode(fingerprint), StandardCharsets.UTF_8);
    }

    String reasonAgainst(FileState wanted) {
        if (attributes.equals("absent")) {
            return "absent";
        }
        if (attributes.equals("other")) {
            return "not a plain file";
        }
        if (!fingerprint.equals(wanted.fingerprint())) {
            return "content differs";
        }
        return "is " + attributes + ", should be " + wanted.attributes();
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
