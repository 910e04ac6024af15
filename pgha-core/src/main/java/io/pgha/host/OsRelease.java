package io.pgha.host;

import io.pgha.Problem;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A release of Debian or Ubuntu, as {@code /etc/os-release} names it: what a machine that is not asked is assumed to
 * run.
 */
record OsRelease(String distribution, String codeName, String fullName) {
    private static final List<OsRelease> KNOWN = Stream.concat(
                    Stream.of(
                            debian("stretch", 9),
                            debian("buster", 10),
                            debian("bullseye", 11),
                            debian("bookworm", 12),
                            debian("trixie", 13),
                            debian("forky", 14),
                            debian("duke", 15),
                            new OsRelease("debian", "sid", "Debian GNU/Linux sid")),
                    Stream.of(
                            ubuntu("xenial", "16.04 LTS"),
                            ubuntu("bionic", "18.04 LTS"),
                            ubuntu("focal", "20.04 LTS"),
                            ubuntu("jammy", "22.04 LTS"),
                            ubuntu("kinetic", "22.10"),
                            ubuntu("lunar", "23.04"),
                            ubuntu("mantic", "23.10"),
                            ubuntu("noble", "24.04 LTS"),
                            ubuntu("oracular", "24.10"),
                            ubuntu("plucky", "25.04"),
                            ubuntu("questing", "25.10"),
                            ubuntu("resolute", "26.04 LTS")))
            .toList();

    private static OsRelease debian(String codeName, int version) {
        return new OsRelease("debian", codeName, "Debian GNU/Linux " + version + " (" + codeName + ")");
    }

    private static OsRelease ubuntu(String codeName, String version) {
        return new OsRelease("ubuntu", codeName, "Ubuntu " + version);
    }

    static OsRelease of(String codeName) {
        return KNOWN.stream()
                .filter(release -> release.codeName.equals(codeName))
                .findFirst()
                .orElseThrow(() -> new HostException(
                        Problem.of(
                                "host.unknown-release",
                                "No release of Debian or Ubuntu is known here by the code name \"" + codeName + "\"",
                                "Take one of these: "
                                        + KNOWN.stream()
                                                .map(OsRelease::codeName)
                                                .collect(Collectors.joining(", "))
                                        + "; pgha deploys to bookworm, trixie, jammy and noble."),
                        null));
    }
}
