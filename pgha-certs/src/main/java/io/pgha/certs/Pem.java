package io.pgha.certs;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A labelled block of a PEM text (RFC 7468). */
final class Pem {
    static final String CERTIFICATE = "CERTIFICATE";
    static final String PRIVATE_KEY = "PRIVATE KEY";
    static final String ENCRYPTED_PRIVATE_KEY = "ENCRYPTED PRIVATE KEY";

    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private final String label;
    private final byte[] der;

    private Pem(String label, byte[] der) {
        this.label = label;
        this.der = der;
    }

    /** Returns what it is, for example {@code CERTIFICATE}. */
    String label() {
        return label;
    }

    /** Returns the content; not to be changed. */
    byte[] der() {
        return der;
    }

    /** Returns the blocks in order; text around them is skipped, as every reader of PEM does. */
    static List<Pem> read(String text) {
        List<Pem> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            String body = matcher.group(2).replaceAll("\\s", "");
            try {
                blocks.add(new Pem(matcher.group(1), Base64.getDecoder().decode(body)));
            } catch (IllegalArgumentException notBase64) {
                return List.of();
            }
        }
        return blocks;
    }

    static Optional<Pem> first(String text, String label) {
        return read(text).stream().filter(block -> block.label().equals(label)).findFirst();
    }

    static String write(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + new String(LINES.encode(der), StandardCharsets.US_ASCII)
                + "\n-----END " + label + "-----\n";
    }
}
