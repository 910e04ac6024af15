package io.pgha.examples.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.examples.cluster.ClusterTest;
import io.pgha.examples.lab.LabHost;
import io.pgha.examples.lab.LocalLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The golden files, which unit tests compare with what is rendered, before the programs that read them on a host. */
@ClusterTest
class GoldenFilesIT {
    private final LabHost proxy;
    private final LabHost database;
    private final String release;

    GoldenFilesIT(LocalLab lab) {
        this.proxy = lab.host("haproxy-02");
        this.database = lab.host("postgres-02");
        this.release = lab.release().codename();
    }

    @Test
    void haproxyTakesItsFiles() throws Exception {
        List<Path> files = golden("pgha-core", "proxy/haproxy.", ".cfg");
        assertThat(files).hasSizeGreaterThan(2);
        for (Path file : files) {
            assertThat(answer(proxy, file, "haproxy -c -f \"$1\" 2>&1"))
                    .as(file.toString())
                    .isSubsetOf("Configuration file is valid");
        }
    }

    /** One of them names a second interface, which it looks for. */
    @Test
    void keepalivedTakesItsFiles() throws Exception {
        List<Path> files = golden("pgha-core", "proxy/keepalived.", ".conf");
        assertThat(files).hasSizeGreaterThan(4);
        proxy.exec("ip link add eth1 type veth peer name eth1-end").text();
        try {
            for (Path file : files) {
                assertThat(answer(proxy, file, "keepalived -t -f \"$1\" 2>&1"))
                        .as(file.toString())
                        .isSubsetOf("status 143"); // what 2.2 may end with though it has found nothing
            }
        } finally {
            proxy.exec("ip link del eth1").text();
        }
    }

    /**
     * Its validator also looks for ports that are taken and for the etcd members of these files: without a network, all
     * are free.
     */
    @Test
    void patroniTakesItsFiles() throws Exception {
        List<Path> files = golden("pgha-patroni", release + "/", "/patroni.yaml");
        assertThat(files).hasSizeGreaterThan(5);
        for (Path file : files) {
            assertThat(answer(database, file, "unshare --net patroni --validate-config \"$1\" 2>&1"))
                    .as(file.toString())
                    .allMatch(line -> line.contains(":2379 is not reachable") || line.equals("status 1"));
        }
    }

    @Test
    void shellsTakeTheScripts() throws Exception {
        List<Path> files = Stream.of(
                        golden("pgha-core", "", "policy-rc.d"),
                        golden("pgha-core", "", "check-haproxy"),
                        golden("pgha-etcd", "", ".sh"),
                        golden("pgha-etcd", "", ".env"),
                        golden("pgha-patroni", "", ".sh"))
                .flatMap(List::stream)
                .toList();
        assertThat(files).hasSizeGreaterThan(15);
        for (Path file : files) {
            assertThat(answer(database, file, "$(sed -n '1s/^#!//p' \"$1\" | grep . || echo /bin/sh) -n \"$1\" 2>&1"))
                    .as(file.toString())
                    .isEmpty();
        }
    }

    @Test
    void perlAndSysctlTakeTheirs() throws Exception {
        for (Path file : golden("pgha-core", "os/needrestart", ".conf")) {
            assertThat(answer(database, file, "perl -c \"$1\" 2>&1")).containsExactly("/root/golden syntax OK");
        }
        List<Path> files = golden("pgha-core", "os/sysctl.", ".conf");
        assertThat(files).hasSize(2);
        for (Path file : files) {
            List<String> settings = Files.readAllLines(file).stream()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
            assertThat(answer(database, file, "sysctl --dry-run -p \"$1\" 2>&1"))
                    .as(file.toString())
                    .isEqualTo(settings);
        }
    }

    @Test
    void systemdTakesTheUnitsWithTheirDropIns() throws Exception {
        assertThat(database.exec("systemd-analyze verify --man=no etcd.service patroni.service 2>&1")
                        .text())
                .isEmpty();
        assertThat(proxy.exec("systemd-analyze verify --man=no haproxy.service keepalived.service 2>&1")
                        .text())
                .isEmpty();
    }

    private static List<Path> golden(String module, String begin, String end) throws IOException {
        Path directory = Path.of("..", module, "src", "test", "golden");
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> {
                        String name = directory.relativize(file).toString();
                        return name.startsWith(begin) && name.endsWith(end);
                    })
                    .sorted()
                    .toList();
        }
    }

    /** Returns what a program has to say of a file, a line each, and its status where that is not zero. */
    private static List<String> answer(LabHost host, Path file, String program) throws Exception {
        String content = Base64.getEncoder().encodeToString(Files.readAllBytes(file));
        return host.exec("""
                        set -- /root/golden
                        base64 -d >"$1" <<'.'
                        %s
                        .
                        %s || echo "status $?"
                        rm "$1"
                        """.formatted(content, program))
                .text()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
