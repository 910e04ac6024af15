package io.pgha.model;

import io.pgha.model.hba.HbaSecrets;
import io.pgha.text.WrittenSecrets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** Writes what {@code toString} shows of the big values; its first line fits into one line of JShell. */
final class Descriptions {
    private static final int LONGEST_LINE = 72;

    private Descriptions() {}

    static String of(ClusterConfig config) {
        return firstLine(config.name() + ": ", config.topology()) + details(config.topology()) + settings(config);
    }

    static String of(Topology topology) {
        return firstLine("", topology) + details(topology);
    }

    private static String firstLine(String prefix, Topology topology) {
        StringJoiner counts = new StringJoiner(", ", prefix, "");
        for (NodeRole role : NodeRole.values()) {
            counts.add(topology.nodes(role).size() + " " + role.name().toLowerCase(Locale.ROOT));
        }
        List<Vip> vips = topology.vips();
        if (vips.isEmpty()) {
            return shortened(counts.toString());
        }
        String full = counts + ", VIP "
                + String.join(", ", vips.stream().map(Vip::cidr).toList());
        return full.length() <= LONGEST_LINE
                ? full
                : shortened(counts + ", " + vips.size() + (vips.size() == 1 ? " VIP" : " VIPs"));
    }

    /** Cuts out of the middle: the name stands in front, the numbers at the end. */
    private static String shortened(String line) {
        int excess = line.length() - LONGEST_LINE;
        int counts = line.indexOf(": ");
        if (excess <= 0) {
            return line;
        }
        int keep = Math.max(0, counts - excess - 1);
        return line.substring(0, keep) + "…" + line.substring(counts);
    }

    private static String details(Topology topology) {
        StringBuilder lines = new StringBuilder();
        topology.nodes().forEach(node -> lines.append("\n  ").append(node));
        topology.vips().forEach(vip -> lines.append("\n  ").append(vip));
        return lines.toString();
    }

    private static Object shown(String key, Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> shown = new LinkedHashMap<>();
            map.forEach((name, child) -> shown.put(name, shown(String.valueOf(name), child)));
            return shown;
        }
        if (value instanceof List<?> list && key.equals("pg_hba")) {
            return HbaSecrets.coveredIn(list.stream().map(String::valueOf).toList());
        }
        return value instanceof String text ? WrittenSecrets.coveredIn(key, text) : value;
    }

    /** Lists what differs from the defaults, by the keys that it has in YAML. */
    private static String settings(ClusterConfig config) {
        StringBuilder lines = new StringBuilder();
        ConfigShapes.CLUSTER.write(config).forEach((section, settings) -> {
            if (settings instanceof Map<?, ?> map && !section.equals("topology")) {
                map.forEach((key, value) -> lines.append("\n  ")
                        .append(section)
                        .append('.')
                        .append(key)
                        .append(": ")
                        .append(shown(String.valueOf(key), value)));
            }
        });
        return lines.toString();
    }
}
