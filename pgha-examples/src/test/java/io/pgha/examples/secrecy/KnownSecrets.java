package io.pgha.examples.secrecy;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.secret.Secret;
import io.pgha.secret.SecretConflictException;
import io.pgha.secret.SecretStore;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A store that makes a password of every name that it is asked for, as awkward as its daemon lets it be, and knows them
 * all: a component that asks for a new one is searched without a word here. Other secrets are told. Thread-safe.
 */
final class KnownSecrets implements SecretStore {
    /** Shorter ones are found in innocent texts; a key's last line may be a few characters. */
    private static final int TELLING = 8;

    private final Map<String, String> passwords = new ConcurrentHashMap<>();
    private final Map<String, List<String>> known = new ConcurrentHashMap<>();
    private final String tail;

    /**
     * Creates a store.
     *
     * @param tail what all its passwords end with, two letters
     */
    KnownSecrets(String tail) {
        this.tail = tail;
    }

    @Override
    public List<String> names() {
        return passwords.keySet().stream().sorted().toList();
    }

    @Override
    public Optional<Secret> read(String name) {
        return Optional.ofNullable(passwords.get(name)).map(Secret::of);
    }

    @Override
    public void put(String name, Secret secret) {
        if (passwords.putIfAbsent(name, secret.reveal()) != null) {
            throw SecretConflictException.exists(name);
        }
        known.put(name, spellings(secret.reveal()));
    }

    /** What is replaced is as secret as before. */
    @Override
    public void replace(String name, Secret expected, Secret secret) {
        if (!passwords.replace(name, expected.reveal(), secret.reveal())) {
            throw SecretConflictException.changed(name);
        }
        known.put(name + " of before", spellings(expected.reveal()));
        known.put(name, spellings(secret.reveal()));
    }

    @Override
    public Secret obtain(String name, Supplier<Secret> otherwise) {
        String password = passwords.computeIfAbsent(name, this::awkward);
        known.computeIfAbsent(name, any -> spellings(password));
        return Secret.of(password);
    }

    @Override
    public SecretStore forCluster(String cluster) {
        return this;
    }

    @Override
    public String toString() {
        return "Awkward secrets";
    }

    private String awkward(String name) {
        if (name.startsWith("keepalived.")) {
            return "k.8_A-" + tail;
        }
        String quotes = "'\"$(id)`\\%&<é☃" + name.hashCode() + tail;
        return name.startsWith("etcd.") ? quotes : quotes.replace("$", " $ ");
    }

    /** Tells a secret, line by line where it has several. */
    KnownSecrets and(String name, Secret secret) {
        List<String> lines = secret.reveal()
                .lines()
                .filter(line -> !line.startsWith("-----") && line.length() >= TELLING)
                .toList();
        for (int i = 0; i < lines.size(); i++) {
            known.put(name + "#" + i, spellings(lines.get(i)));
        }
        return this;
    }

    int size() {
        return known.size();
    }

    /** All spellings of all passwords, one line for each spelling, as an angry program might print them. */
    List<String> spelled() {
        List<String> lines = new ArrayList<>();
        passwords.values().forEach(password -> {
            int line = 0;
            for (String spelling : spellings(password)) {
                if (line == lines.size()) {
                    lines.add("cannot read");
                }
                lines.set(line, lines.get(line++) + " " + spelling);
            }
        });
        return lines;
    }

    /** Fails when the text has any of them, in whatever spelling. */
    void requireNoneIn(String where, String text) {
        Map<String, String> found = new LinkedHashMap<>();
        known.forEach((name, spellings) -> spellings.stream()
                .filter(text::contains)
                .findFirst()
                .ifPresent(spelling -> found.put(name + " as " + spelling, around(text, spelling))));
        assertThat(found).as("secrets in " + where).isEmpty();
    }

    private static String around(String text, String spelling) {
        int at = text.indexOf(spelling);
        return text.substring(Math.max(0, at - 200), Math.min(text.length(), at + spelling.length() + 40));
    }

    private static List<String> spellings(String secret) {
        String json = secret.replace("\\", "\\\\").replace("\"", "\\\"");
        return Stream.of(
                        secret,
                        secret.replace("'", "'\\''"),
                        secret.replace("'", "''"),
                        json,
                        ascii(json),
                        octal(secret),
                        secret.replaceAll("([^A-Za-z0-9_é☃-])", "\\\\$1"),
                        secret.replace("&", "&amp;")
                                .replace("<", "&lt;")
                                .replace("'", "&#39;")
                                .replace("\"", "&quot;"),
                        URLEncoder.encode(secret, StandardCharsets.UTF_8),
                        URLEncoder.encode(secret, StandardCharsets.UTF_8).replace("+", "%20"),
                        base64("", secret),
                        base64("u", secret),
                        base64("us", secret))
                .distinct()
                .toList();
    }

    private static String ascii(String text) {
        StringBuilder escaped = new StringBuilder();
        text.chars()
                .forEach(
                        unit -> escaped.append(unit < 128 ? Character.toString(unit) : String.format("\\u%04x", unit)));
        return escaped.toString();
    }

    private static String octal(String text) {
        StringBuilder escaped = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            escaped.append(each >= 0 ? Character.toString(each) : String.format("\\%03o", each & 0xFF));
        }
        return escaped.toString();
    }

    /** Those digits that are the same whatever comes behind. */
    private static String base64(String before, String secret) {
        byte[] bytes = (before + secret).getBytes(StandardCharsets.UTF_8);
        String digits = Base64.getEncoder().encodeToString(bytes);
        return digits.substring(before.isEmpty() ? 0 : before.length() + 1, bytes.length * 8 / 6);
    }
}
