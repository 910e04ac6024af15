package io.pgha.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.spi.Observation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackagesResourceTest {
    private final PackagesResource packages = new PackagesResource(List.of("etcd-server", "openssl", "openssl"));

    @TempDir
    Path directory;

    @Test
    void tellsWhatIsMissing() {
        assertThat(packages.diff(Observation.of("openssl")).orElseThrow().reason())
                .isEqualTo("missing: etcd-server");
        assertThat(packages.diff(Observation.of("etcd-server\nopenssl"))).isEmpty();
    }

    @Test
    void waitsForTheDpkgOfARunThatWasKilled() throws Exception {
        program("dpkg", """
                n=$(cat count 2>/dev/null || echo 0); echo $((n + 1)) >count
                [ $n -ge 2 ] || { echo 'dpkg: error: dpkg frontend lock was locked by apt-get with pid 7' >&2; exit 2; }
                """);
        program("apt-get", "echo \"$*\" >>calls\n");
        program("sleep", ":\n");

        assertThat(run()).isZero();
        assertThat(directory.resolve("count")).hasContent("3");
        assertThat(Files.readString(directory.resolve("calls"))).contains("install etcd-server openssl");
    }

    @Test
    void givesUpAtOnceWhenSomethingElseIsWrong() throws Exception {
        program("dpkg", "echo 'dpkg: error: no space left on device' >&2; exit 2\n");
        program("apt-get", "echo \"$*\" >>calls\n");

        assertThat(run()).isEqualTo(2);
        assertThat(directory.resolve("calls")).doesNotExist();
    }

    private int run() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        "sh", "-c", packages.act(Observation.of("")).script())
                .directory(directory.toFile())
                .redirectErrorStream(true);
        builder.environment().merge("PATH", directory.toString(), (path, own) -> own + ":" + path);
        Process process = builder.start();
        process.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        return process.waitFor();
    }

    private void program(String name, String script) throws Exception {
        Path file = directory.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + script, StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
