package io.pgha.proxy;

import io.pgha.PgHaException;
import io.pgha.Problem;
import io.pgha.host.Script;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.Vip;
import io.pgha.model.proxy.KeepalivedConfig;
import io.pgha.secret.Secret;
import io.pgha.secret.SecretStore;
import java.util.List;

/**
 * Renders {@code /etc/keepalived/keepalived.conf}, one VRRP instance a virtual IP.
 *
 * <p>All nodes start as BACKUP with {@code nopreempt}: a node that comes back never takes the address away from one
 * that serves. With {@code nopreempt} a lower priority moves nothing (a backup ignores what a living master announces),
 * so a check that fails must have weight 0: it puts the instance into FAULT, which announces priority 0, and a backup
 * takes over at once. The check itself knows when that is wanted ({@link Health#script}). Priorities decide only who is
 * first when nobody holds the address, and who stays when a healed network shows two holders.
 */
final class KeepalivedFile {
    static final String PATH = "/etc/keepalived/keepalived.conf";
    static final String CHECK = "/etc/keepalived/check-haproxy";
    static final String DROP_IN = "/etc/systemd/system/keepalived.service.d/pgha.conf";

    /** Debian's unit leaves a keepalived that died dead: its node would never take a virtual IP again. */
    static final String RESTARTS = """
        # Written by pgha; changes are overwritten.
        [Unit]
        StartLimitIntervalSec=0

        [Service]
        Restart=always
        RestartSec=1
        """;

    static final String AUTH_SECRET = "keepalived.auth";

    /** VRRP keeps the first eight characters and drops the rest. */
    static final int AUTH_LENGTH = 8;

    private static final int HIGHEST_PRIORITY = 200;

    private final ClusterConfig config;
    private final KeepalivedConfig settings;

    KeepalivedFile(ClusterConfig config) {
        this.config = config;
        this.settings = config.keepalived();
    }

    /**
     * Returns the file of a node.
     *
     * @param networkInterface the one that has the node's address: VRRP goes through it, whichever carries the virtual
     *     IPs; keepalived itself watches that the latter are up
     */
    String render(Node node, String networkInterface, Secret auth) {
        requireAuth(auth);
        StringBuilder file = new StringBuilder(Script.file("""
            # Written by pgha.
            global_defs {
                router_id {{node}}
                enable_script_security
                script_user root
                vrrp_garp_master_delay 1
                vrrp_garp_master_refresh 60
            }

            vrrp_script haproxy {
                script "{{check}}"
                interval {{interval}}
                timeout {{timeout}}
                fall {{fall}}
                rise {{rise}}
                weight 0
            }
            """, KeepalivedFile::word)
                .part("check", CHECK)
                .value("interval", settings.checkInterval().toSeconds())
                .value("timeout", Math.max(3, settings.checkInterval().toSeconds()))
                .value("fall", settings.fall())
                .value("rise", settings.rise())
                .value("node", node.name())
                .render());
        List<Vip> vips = config.topology().vips();
        for (int i = 0; i < vips.size(); i++) {
            file.append('\n').append(instance(node, networkInterface, auth, vips.get(i), i));
        }
        return file.toString();
    }

    private String instance(Node node, String networkInterface, Secret auth, Vip vip, int index) {
        StringBuilder block = new StringBuilder("vrrp_instance VIP_" + (index + 1) + " {\n");
        block.append("    state BACKUP\n    nopreempt\n");
        block.append("    interface ").append(word(networkInterface)).append('\n');
        block.append("    virtual_router_id ").append(vip.virtualRouterId()).append('\n');
        block.append("    priority ").append(priority(node, index)).append('\n');
        block.append("    advert_int ")
                .append(settings.advertInterval().toSeconds())
                .append('\n');
        // Only VRRP 2 has a password, only VRRP 3 has IPv6.
        boolean version2 = !Addresses.v6(vip.address());
        if (!version2) {
            block.append("    version 3\n");
        }
        List<Node> peers = config.haproxyNodes().stream()
                .filter(other -> !other.equals(node))
                .toList();
        if (!peers.isEmpty()) {
            block.append("    unicast_src_ip ").append(node.address()).append("\n    unicast_peer {\n");
            peers.forEach(
                    peer -> block.append("        ").append(peer.address()).append('\n'));
            block.append("    }\n");
        }
        if (version2) {
            block.append("    authentication {\n        auth_type PASS\n        auth_pass ")
                    .append(auth.reveal())
                    .append("\n    }\n");
        }
        block.append("    virtual_ipaddress {\n        ")
                .append(vip.cidr())
                .append(" dev ")
                .append(word(vip.networkInterface().orElse(networkInterface)))
                .append("\n    }\n    track_script {\n        haproxy\n    }\n}\n");
        return block.toString();
    }

    /** Each virtual IP prefers another node, so that two of them share the work. */
    private int priority(Node node, int index) {
        List<Node> nodes = config.haproxyNodes();
        int position = Math.floorMod(nodes.indexOf(node) - index, nodes.size());
        return HIGHEST_PRIORITY - position * Math.max(1, Math.min(10, (HIGHEST_PRIORITY - 1) / nodes.size()));
    }

    /** keepalived has no quotes that keep everything, so only what needs none goes in. */
    private static String word(String value) {
        if (!value.matches("[A-Za-z0-9_.:/-]+")) {
            throw new PgHaException(Problem.of(
                    "config.keepalived",
                    "A value for keepalived's configuration has other characters than letters, digits and _ . : / -",
                    "Name nodes and network interfaces with those characters only."));
        }
        return value;
    }

    /** Returns the password of all nodes, and makes it where the store has none yet. */
    static Secret password(SecretStore secrets) {
        return secrets.obtain(AUTH_SECRET, () -> Secret.random(AUTH_LENGTH));
    }

    private static void requireAuth(Secret auth) {
        if (!auth.reveal().matches("[A-Za-z0-9_.-]{1," + AUTH_LENGTH + "}")) {
            throw new PgHaException(Problem.of(
                    "config.keepalived-auth",
                    "The VRRP password is not 1 to " + AUTH_LENGTH
                            + " letters, digits, dots, hyphens or underscores; keepalived" + " would cut or misread it",
                    "Replace the secret " + AUTH_SECRET + ", or delete it and have pgha make one."));
        }
    }
}
