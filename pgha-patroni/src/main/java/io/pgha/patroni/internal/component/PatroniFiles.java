package io.pgha.patroni.internal.component;

import io.pgha.host.Script;
import io.pgha.model.Node;
import io.pgha.model.NodeRole;
import io.pgha.patroni.internal.layout.PatroniLayout;
import io.pgha.resource.Systemd;

/** Renders the small files beside {@code patroni.yaml}. Stateless; no I/O. */
final class PatroniFiles {
    private PatroniFiles() {}

    /** Keeps Debian from making and starting a server of its own when PostgreSQL is installed. */
    static String createCluster() {
        return """
            # Written by pgha; changes are overwritten. Patroni makes the servers.
            create_main_cluster = false
            """;
    }

    /**
     * Returns what is added to Debian's unit. Without the condition on our file the unit would be skipped in silence.
     * Only Patroni itself is signalled: it stops PostgreSQL in order, for which a large checkpoint needs its time. The
     * postmaster is kept from the kernel's out-of-memory killer; its backends set themselves back.
     */
    static String dropIn(Node node) {
        return Script.file("""
            # Written by pgha; changes are overwritten.
            [Unit]
            ConditionPathExists=
            ConditionPathExists={{config}}
            Wants=network-online.target
            After=network-online.target time-sync.target{{etcd}}
            StartLimitIntervalSec=0

            [Service]
            ExecStart=
            ExecStart=/usr/bin/patroni {{config}}
            KillMode=process
            TimeoutStopSec=120
            Restart=on-failure
            RestartSec=1
            LimitNOFILE=65536
            OOMScoreAdjust=-900
            Environment=PG_OOM_ADJUST_FILE=/proc/self/oom_score_adj PG_OOM_ADJUST_VALUE=0
            """, Systemd::word)
                .value("config", PatroniLayout.CONFIG)
                .part("etcd", node.has(NodeRole.ETCD) ? " etcd.service" : "")
                .render();
    }

    /** Returns what lets a login shell call {@code patronictl} without {@code -c}. */
    static String profile() {
        return Script.of("""
            # Written by pgha; changes are overwritten. The file holds passwords: only root and postgres can read it.
            export PATRONICTL_CONFIG_FILE={{config}}
            alias patronictl={{command}}
            """)
                .value("config", PatroniLayout.CONFIG)
                .value("command", "patronictl -c " + PatroniLayout.CONFIG)
                .render();
    }
}
