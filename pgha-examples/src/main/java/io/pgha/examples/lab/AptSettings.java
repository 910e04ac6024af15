package io.pgha.examples.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Holds where this machine gets Debian from, so that the hosts get it from there too: mirrors, a proxy, and whether the
 * dates of an index are believed. Immutable.
 *
 * @param mirror the archive's address
 * @param securityMirror the security archive's address
 * @param options lines of an apt configuration file
 */
record AptSettings(String mirror, String securityMirror, List<String> options) {
    private static final String DEFAULT_MIRROR = "http://deb.debian.org/debian";
    private static final String DEFAULT_SECURITY = "http://deb.debian.org/debian-security";
    private static final Pattern MIRROR = Pattern.compile("https?://\\S+/debian/?");
    private static final Pattern SECURITY = Pattern.compile("https?://\\S+/debian-security/?");
    private static final Pattern OPTION =
            Pattern.compile("Acquire::(Check-Date|Check-Valid-Until|https?::Proxy\\S*) \"[^\"]+\";");

    static AptSettings ofMachine() throws InterruptedException {
        String options = Shell.command("apt-config", "dump").check().out();
        return parse(sourceLists(), options);
    }

    /** Finds the settings in the text of all source lists and in what {@code apt-config dump} prints. */
    static AptSettings parse(String sources, String aptConfig) {
        return new AptSettings(
                first(MIRROR, sources, DEFAULT_MIRROR),
                first(SECURITY, sources, DEFAULT_SECURITY),
                aptConfig
                        .lines()
                        .filter(line -> OPTION.matcher(line).matches())
                        .sorted()
                        .collect(Collectors.toUnmodifiableList()));
    }

    private static String first(Pattern wanted, String sources, String otherwise) {
        return sources.lines()
                .filter(line -> !line.strip().startsWith("#"))
                .flatMap(line -> Stream.of(line.strip().split("\\s+", -1)))
                .filter(word -> wanted.matcher(word).matches())
                .findFirst()
                .orElse(otherwise);
    }

    private static String sourceLists() {
        List<Path> files = new ArrayList<>();
        Path single = Path.of("/etc/apt/sources.list");
        if (Files.exists(single)) {
            files.add(single);
        }
        Path parts = Path.of("/etc/apt/sources.list.d");
        if (Files.isDirectory(parts)) {
            try (Stream<Path> found = Files.list(parts)) {
                found.sorted().forEach(files::add);
            } catch (IOException e) {
                throw Machine.failed("reading " + parts, e);
            }
        }
        return files.stream().map(Machine::read).collect(Collectors.joining("\n"));
    }

    /** Returns the hosts' /etc/apt/sources.list. */
    String sourcesList(Release release) {
        String suite = release.codename();
        return "deb " + mirror + " " + suite + " main\n"
                + "deb " + mirror + " " + suite + "-updates main\n"
                + "deb " + securityMirror + " " + suite + "-security main\n";
    }
}
