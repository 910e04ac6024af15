package io.pgha.examples.lab;

import java.nio.file.Path;
import java.util.List;

/** Knows how systemd-nspawn must be called so that a host behaves like a machine of its own. */
final class Nspawn {
    private Nspawn() {}

    /**
     * Returns the arguments that boot a host.
     *
     * <p>With a ready-made namespace nspawn would drop CAP_NET_ADMIN, without which no virtual address can be added.
     * Without {@code --timezone=off}, /etc/localtime is a mount point and tzdata cannot be configured. There is neither
     * a machined to register with, nor may a journal be linked into the machine's.
     */
    static List<String> argv(Names names, String host, Path root, String resolvConf) {
        return List.of(
                "env",
                "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1",
                "SYSTEMD_NSPAWN_API_VFS_WRITABLE=network",
                "systemd-nspawn",
                "--quiet",
                "--directory=" + root,
                "--machine=" + names.machine(host),
                "--hostname=" + host,
                "--boot",
                "--network-namespace-path=" + Network.NAMESPACES.resolve(names.namespace(host)),
                "--resolv-conf=" + resolvConf,
                "--timezone=off",
                "--link-journal=no",
                "--register=no",
                "--keep-unit",
                "--kill-signal=SIGRTMIN+3",
                "--capability=CAP_NET_ADMIN,CAP_IPC_LOCK,CAP_SYS_RESOURCE");
    }

    /** Returns how a host gets its name servers: the machine's own stub resolver cannot be reached from a host. */
    static String resolvConf(String machineResolvConf) {
        boolean stub =
                machineResolvConf.lines().anyMatch(line -> line.matches("nameserver\\s+127\\.0\\.0\\.5[34]\\s*"));
        return stub ? "copy-uplink" : "copy-host";
    }
}
