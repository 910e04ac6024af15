package io.pgha.os;

import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.NodeRole;
import io.pgha.text.SysctlName;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The kernel settings of a node: few, safe on every supported release, the user's above ours.
 *
 * <p>Left alone on purpose: {@code vm.overcommit_memory} (2 needs a swap and limits that only the user knows),
 * {@code net.ipv4.ip_nonlocal_bind} (HAProxy binds every address, so the virtual IP need not be there),
 * {@code net.ipv4.ip_forward} (nothing is routed), TCP keepalive (set on each daemon's own sockets).
 */
final class KernelSettings {
    private KernelSettings() {}

    static Map<String, String> of(ClusterConfig config, Node node) {
        Map<String, String> settings = new TreeMap<>();
        if (node.has(NodeRole.POSTGRES)) {
            // Swapping a database out to keep file pages in costs more than reading the pages again.
            settings.put("vm.swappiness", "1");
        }
        if (node.has(NodeRole.POSTGRES) || node.has(NodeRole.ETCD)) {
            // The defaults are shares of the memory: on a large host, gigabytes of dirty pages then wait for one fsync,
            // and a
            // checkpoint stalls the WAL and etcd's log with it.
            settings.put("vm.dirty_background_bytes", "67108864");
            settings.put("vm.dirty_bytes", "536870912");
        }
        Map<String, String> wanted = config.os().sysctls();
        Set<String> paths = wanted.keySet().stream().map(SysctlName::path).collect(Collectors.toSet());
        // Bytes and ratio exclude each other: writing one clears the other.
        if (paths.contains("vm/dirty_background_ratio")) {
            settings.remove("vm.dirty_background_bytes");
        }
        if (paths.contains("vm/dirty_ratio")) {
            settings.remove("vm.dirty_bytes");
        }
        settings.keySet().removeIf(name -> paths.contains(SysctlName.path(name)));
        settings.putAll(wanted);
        return settings;
    }
}
