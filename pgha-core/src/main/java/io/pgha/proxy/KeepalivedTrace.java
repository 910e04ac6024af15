package io.pgha.proxy;

import io.pgha.host.Probe;
import io.pgha.model.Node;
import io.pgha.spi.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads from {@link KeepalivedFile} which virtual IPs it was made for. Stateless; no I/O. */
final class KeepalivedTrace {
    private static final Pattern ADDRESS = Pattern.compile("([0-9a-fA-F.:]+)/([0-9]+) dev .*");

    private KeepalivedTrace() {}

    static Trace of(Node node) {
        return new Trace(
                node,
                new Probe(
                        "trace:keepalived",
                        "grep -qs '^# Written by pgha' " + KeepalivedFile.PATH
                                + " && grep -E '^ +(virtual_router_id |advert_int |[0-9a-fA-F.:]+/[0-9]+ dev )' "
                                + KeepalivedFile.PATH,
                        ""),
                KeepalivedTrace::facts);
    }

    /** In each instance the router id stands before the address. */
    private static Map<String, Object> facts(String lines) {
        List<Map<String, String>> vips = new ArrayList<>();
        String router = "";
        String interval = "";
        for (String line : lines.lines().map(String::strip).toList()) {
            Matcher address = ADDRESS.matcher(line);
            if (line.startsWith("virtual_router_id ")) {
                router = line.substring("virtual_router_id ".length());
            } else if (line.startsWith("advert_int ")) {
                interval = line.substring("advert_int ".length()) + "s";
            } else if (address.matches()) {
                vips.add(Map.of(
                        "address", address.group(1), "prefix_length", address.group(2), "virtual_router_id", router));
            }
        }
        return Map.of("topology", Map.of("vips", vips), "keepalived", Map.of("advert_interval", interval));
    }
}
