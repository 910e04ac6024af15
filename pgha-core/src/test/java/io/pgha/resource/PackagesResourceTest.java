package io.pgha.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.host.Probe;
import io.pgha.host.Probes;
import io.pgha.model.InvalidConfigException;
import io.pgha.spi.Observation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackagesResourceTest {
    private final PackagesResource packages = new PackagesResource(List.of("etcd-server", "openssl", "openssl"));

    @TempDir
    Path directory;

    private String output = "";

    @Test
    void tellsWhatIsMissing() {
        assertThat(packages.diff(Observation.of("openssl")).orElseThrow().reason())
                .isEqualTo("missing: etcd-server");
        assertThat(packages.diff(Observation.of("etcd-server\nopenssl"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "openssh-server-",
                "g++-",
                "-y",
                "--",
                "",
                "a",
                "jq=1.7",
                "jq/stable",
                "jq:amd64",
                "a b",
                "Jq",
                "jq\n"
            })
    void takesNothingThatAptWouldReadAsAnythingButAName(String name) {
        assertThatThrownBy(() -> new PackagesResource(List.of("jq", name)))
                .isInstanceOfSatisfying(
                        InvalidConfigException.class,
                        refused -> assertThat(refused.problems())
                                .singleElement()
                                .satisfies(problem -> assertThat(problem.code()).isEqualTo("config.package-name")));
        assertThat(new PackagesResource(List.of("g++", "libstdc++", "0ad", "libc6.1")).packages())
                .hasSize(4);
    }

    /**
     * What was removed but not purged is still known to dpkg, and what it knows in two architectures it names twice.
     */
    @Test
    void onlyWhatIsInstalledCounts() throws Exception {
        program("dpkg-query", """
            [ "$*" = '-W -f ${db:Status-Status} ${Package}\\n etcd-server openssl' ] || exit
            echo 'installed openssl'; echo 'config-files etcd-server'; echo 'installed openssl'; echo 'not-installed etcd'
            """);
        Probe probe = packages.probe();
        assertThat(run(Probes.script(List.of(probe)))).isZero();

        assertThat(packages.diff(
                        Observation.of(Probes.answers(List.of(probe), output).get("packages"))))
                .hasValueSatisfying(change -> assertThat(change.reason()).isEqualTo("missing: etcd-server"));
    }

    @Test
    void waitsForTheDpkgOfARunThatWasKilled() throws Exception {
        program("dpkg", """
            n=$(cat count 2>/dev/null || echo 0); echo $((n + 1)) >count
            [ $n -ge 2 ] || { echo 'dpkg: error: dpkg frontend lock was locked by another process with pid 99999999' >&2; exit 2; }
            """);
        program("apt-get", "echo \"$*\" >>calls\n");
        program("sleep", ":\n");

        assertThat(run()).isZero();
        assertThat(directory.resolve("count")).hasContent("3");
        assertThat(Files.readString(directory.resolve("calls"))).contains("install etcd-server openssl");
        assertThat(output)
                .containsOnlyOnce("waiting for another program (process 99999999), which works on the packages");
    }

    @Test
    void saysWhoseLockItWaitsFor() throws Exception {
        program("dpkg", ":\n");
        program("apt-get", """
            n=$(cat count 2>/dev/null || echo 0); echo $((n + 1)) >count
            [ $n -ge 3 ] || { echo "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process %s (java)"; exit 100; }
            """.formatted(ProcessHandle.current().pid()));
        program("sleep", ":\n");

        assertThat(run()).isZero();
        assertThat(output)
                .containsOnlyOnce("waiting for java (process "
                        + ProcessHandle.current().pid() + "), which works on the packages");
    }

    /** apt-get's own words, of Debian 12 and 13. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "E: The repository 'http://extra sid Release' is not signed.",
                "E: The repository 'http://extra sid Release' does not have a Release file.",
                "E: Release file for http://extra/InRelease is expired (invalid since 3d). Updates for this repository"
                        + " will not be applied.",
                "E: Failed to fetch http://extra/Packages  Hash Sum mismatch",
                "E: Failed to fetch http://extra/Packages  404  Not Found",
                "W: Failed to fetch http://extra/InRelease  Could not resolve 'extra'",
            })
    void aBrokenRepositoryIsNamedEachTimeAndTheOthersServe(String line) throws Exception {
        program("dpkg", ":\n");
        program("apt-get", "case \"$*\" in *update*) cat line; exit 100 ;; esac; echo \"$*\" >>calls\n");
        Files.writeString(directory.resolve("line"), "Hit:1 http://debian\n" + line + "\n");

        for (int i = 0; i < 2; i++) {
            assertThat(run()).isZero();
            assertThat(output)
                    .contains("Package repositories of this host are broken; what the others have is installed:\n"
                            + line);
        }
        assertThat(directory.resolve("calls")).content().contains("install etcd-server openssl");
    }

    @Test
    void withoutANetworkTheRepositoriesAreTheReason() throws Exception {
        program("dpkg", ":\n");
        program("apt-get", """
            case "$*" in
              *update*) echo "W: Failed to fetch http://deb.debian.org/InRelease  Could not resolve 'deb.debian.org'" ;;
              *) echo 'E: Unable to locate package etcd-server'; exit 100 ;;
            esac
            """);

        assertThat(run()).isEqualTo(1);
        assertThat(output.substring(output.indexOf("The packages cannot be installed")))
                .contains("Could not resolve 'deb.debian.org'");
    }

    @Test
    void givesUpAtOnceWhenSomethingElseIsWrong() throws Exception {
        program("dpkg", "echo 'dpkg: error: no space left on device' >&2; exit 2\n");
        program("apt-get", "echo \"$*\" >>calls\n");

        assertThat(run()).isEqualTo(2);
        assertThat(directory.resolve("calls")).doesNotExist();
    }

    private int run() throws Exception {
        return run(packages.act(Observation.of("")).command().script());
    }

    private int run(String script) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", script)
                .directory(directory.toFile())
                .redirectErrorStream(true);
        builder.environment().merge("PATH", directory.toString(), (path, own) -> own + ":" + path);
        Process process = builder.start();
        output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor();
    }

    private void program(String name, String script) throws Exception {
        Path file = directory.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + script, StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
