package io.pgha.examples.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.examples.lab.LabHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The secrets that an operator keeps, looked for where others than their owners could see them. */
final class KeptSecrets {
    private final List<String> secrets = new ArrayList<>();

    /** Reads all secrets of an operator's state. */
    static KeptSecrets of(Path state) throws IOException {
        KeptSecrets kept = new KeptSecrets();
        try (Stream<Path> files = Files.walk(state.resolve("secrets"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                kept.secrets.add(Files.readString(file).strip());
            }
        }
        assertThat(kept.secrets).hasSizeGreaterThanOrEqualTo(6);
        return kept;
    }

    /** Fails where one is in an argument list, an environment, a journal or a file that others can read. */
    void assertHidden(List<LabHost> hosts) throws InterruptedException {
        for (LabHost host : hosts) {
            String visible = host.exec("""
                            cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n'
                            journalctl --no-pager -q -o cat
                            find /etc /var/lib/pgha /var/log /run /tmp /root /home -xdev -type f -perm /o=r -size -256k -exec cat {} + 2>/dev/null
                            true
                            """, Duration.ofMinutes(1)).text();
            assertThat(secrets).as(host.name()).noneMatch(visible::contains);
            assertThat(host.exec("find /etc/etcd/tls /etc/patroni /etc/keepalived /etc/haproxy -type f \\( -name"
                                    + " '*.key' -o -name patroni.yaml -o -name keepalived.conf -o -name haproxy.cfg \\) -perm /o=rwx"
                                    + " 2>/dev/null; true")
                            .text())
                    .as(host.name())
                    .isEmpty();
        }
    }
}
