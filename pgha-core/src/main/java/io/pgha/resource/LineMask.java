package io.pgha.resource;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Covers the secrets of a file whose lines are directives, such as those of HAProxy and keepalived. A line of the
 * host's file is shown when the wanted file has it, too, or has others that begin with the same word and nothing in it
 * looks like a secret. Immutable and thread-safe.
 */
public final class LineMask implements FileMask {
    private static final Pattern SUSPICIOUS =
            Pattern.compile("pass|auth|secret|token|credential|basic|key|pwd|://[^/]*@", Pattern.CASE_INSENSITIVE);

    private final List<List<String>> directives;

    private LineMask(List<List<String>> directives) {
        this.directives = directives;
    }

    /**
     * Returns a mask.
     *
     * @param directives the beginnings of lines whose rest is secret, for example {@code stats auth}
     * @return the mask
     */
    public static LineMask of(String... directives) {
        return new LineMask(Arrays.stream(directives).map(LineMask::words).toList());
    }

    @Override
    public String masked(String text, String wanted, Cover cover) {
        Set<String> harmless = wanted.lines()
                .map(String::strip)
                .filter(line -> directive(words(line)).isEmpty())
                .collect(Collectors.toSet());
        Set<String> beginnings = harmless.stream()
                .filter(line -> !line.startsWith("#") && !line.startsWith("!"))
                .map(line -> first(words(line)))
                .collect(Collectors.toCollection(HashSet::new));
        directives.forEach(directive -> beginnings.remove(first(directive)));
        Set<String> secrets = Stream.concat(text.lines(), wanted.lines())
                .flatMap(this::secrets)
                .collect(Collectors.toSet());
        Map<String, Integer> seen = new HashMap<>();
        return text.lines()
                .map(line -> {
                    String stripped = line.strip();
                    List<String> words = words(stripped);
                    Optional<List<String>> secret = directive(words);
                    String indent = line.substring(
                            0, line.length() - line.stripLeading().length());
                    if (secret.isPresent()) {
                        String name = String.join(" ", secret.get());
                        String rest =
                                String.join(" ", words.subList(secret.get().size(), words.size()));
                        return indent + name + " " + cover.cover(name + seen.merge(name, 1, Integer::sum), rest);
                    }
                    boolean shown = harmless.contains(stripped)
                            || (beginnings.contains(first(words))
                                    && !SUSPICIOUS.matcher(stripped).find()
                                    && secrets.stream().noneMatch(stripped::contains));
                    return shown ? indent + stripped : indent + Cover.PLAIN;
                })
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** A secret may stand in other lines, too: as it is written, without quotes, without the user before it. */
    private Stream<String> secrets(String line) {
        List<String> words = words(line);
        return directive(words).stream()
                .map(directive -> String.join(" ", words.subList(directive.size(), words.size()))
                        .replaceAll("['\"]", ""))
                .flatMap(secret -> Stream.of(secret, secret.substring(secret.indexOf(':') + 1)))
                .filter(secret -> !secret.isEmpty());
    }

    private Optional<List<String>> directive(List<String> words) {
        return directives.stream()
                .filter(directive -> words.size() >= directive.size()
                        && words.subList(0, directive.size()).equals(directive))
                .findFirst();
    }

    private static List<String> words(String line) {
        return Arrays.asList(line.strip().split("\\s+"));
    }

    private static String first(List<String> words) {
        return words.get(0);
    }

    @Override
    public String toString() {
        return directives.stream()
                .map(words -> String.join(" ", words))
                .collect(Collectors.joining(", ", "covers ", ""));
    }
}
