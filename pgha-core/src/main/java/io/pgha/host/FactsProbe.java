package io.pgha.host;

import io.pgha.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks a machine what it is, and reads the answer. */
final class FactsProbe {
    static final String ID = "facts";

    private static final Probe PROBE = new Probe(ID, """
            . /etc/os-release
            printf 'now=%s\\n' "$(date +%s%N)"
            printf 'id=%s\\nrelease=%s\\nos=%s\\n' "$ID" "$VERSION_CODENAME" "$PRETTY_NAME"
            printf 'hostname=%s\\nmachine=%s\\n' "$(cat /proc/sys/kernel/hostname)" "$(cat /etc/machine-id)"
            printf 'arch=%s\\ncpus=%s\\n' "$(dpkg --print-architecture)" "$(nproc)"
            while read -r name value unit; do [ "$name" = MemTotal: ] && printf 'memory=%s\\n' "$value"; done </proc/meminfo
            ip -o addr show | while read -r n name family address rest; do printf 'address=%s %s\\n' "$name" "$address"; done
            """, "");

    private FactsProbe() {}

    static HostFacts read(RemoteHost host) throws InterruptedException {
        Instant before = Instant.now();
        String answer = host.observe(List.of(PROBE)).getOrDefault(ID, "");
        Instant after = Instant.now();
        return parse(host, answer, before, after);
    }

    /** What the probe prints on a machine of given facts; for rehearsals, whose machines have no clock of their own. */
    static String print(HostFacts facts) {
        StringBuilder text = new StringBuilder();
        text.append("id=").append(facts.distribution()).append("\nrelease=").append(facts.release());
        text.append("\nos=").append(facts.osName()).append("\nhostname=").append(facts.hostname());
        text.append("\nmachine=").append(facts.machineId()).append("\narch=").append(facts.architecture());
        text.append("\ncpus=").append(facts.processors()).append("\nmemory=").append(facts.memoryBytes() >> 10);
        facts.addresses()
                .forEach(entry -> text.append("\naddress=")
                        .append(entry.name())
                        .append(' ')
                        .append(entry.address())
                        .append('/')
                        .append(entry.prefixLength()));
        return text.toString();
    }

    private static HostFacts parse(RemoteHost host, String answer, Instant before, Instant after) {
        Map<String, String> values = new HashMap<>();
        List<HostFacts.InterfaceAddress> addresses = new ArrayList<>();
        answer.lines().forEach(line -> {
            int at = line.indexOf('=');
            if (line.startsWith("address=")) {
                String[] parts = line.substring(at + 1).split("[ /]", -1);
                addresses.add(new HostFacts.InterfaceAddress(
                        parts[0], parts[1], parts.length > 2 ? Integer.parseInt(parts[2]) : 0));
            } else if (at > 0) {
                values.put(line.substring(0, at), line.substring(at + 1));
            }
        });
        if (!values.containsKey("id") || !values.containsKey("memory")) {
            throw new HostException(
                    Problem.on(
                            host.node().name(),
                            "host.not-linux",
                            host.node().address() + " does not answer like a Debian or Ubuntu system",
                            "Use hosts with /etc/os-release, coreutils, dpkg, perl and iproute2 (Debian 12 or 13, Ubuntu 22.04 or"
                                    + " 24.04)."),
                    null);
        }
        Duration error = Duration.between(before, after).dividedBy(2);
        Instant here = before.plus(error);
        return HostFacts.builder()
                .distribution(values.getOrDefault("id", ""))
                .release(values.getOrDefault("release", ""))
                .osName(values.getOrDefault("os", ""))
                .hostname(values.getOrDefault("hostname", ""))
                .machineId(values.getOrDefault("machine", ""))
                .clockOffset(Duration.between(
                        here,
                        Optional.ofNullable(values.get("now"))
                                .map(FactsProbe::instant)
                                .orElse(here)))
                .clockError(error)
                .architecture(values.getOrDefault("arch", ""))
                .processors(number(values.getOrDefault("cpus", "1")))
                .memoryBytes((long) number(values.getOrDefault("memory", "0")) << 10)
                .addAllAddresses(addresses)
                .build();
    }

    private static Instant instant(String nanos) {
        long value = Long.parseLong(nanos);
        return Instant.ofEpochSecond(value / 1_000_000_000L, value % 1_000_000_000L);
    }

    private static int number(String text) {
        return text.isEmpty() ? 0 : Integer.parseInt(text);
    }
}
