package io.pgha.etcd.internal.component;

import io.pgha.etcd.internal.EtcdLayout;
import io.pgha.host.Script;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.etcd.EtcdAuthentication;
import io.pgha.model.etcd.EtcdConfig;
import io.pgha.resource.Systemd;
import java.util.stream.Collectors;

/** Renders the files of a member. Stateless; no I/O. */
final class EtcdFiles {
    private EtcdFiles() {}

    /**
     * Returns the member's settings. How it first starts is not among them: the list of members and the state of the
     * cluster matter only while there is no data, and must not ask a running member to restart when another one is
     * added. Without {@link EtcdLayout#FIRST_START} a member without data refuses to start, for it finds no cluster of
     * which it knows.
     */
    static String environment(ClusterConfig config, Node node) {
        EtcdConfig etcd = config.etcd();
        return new EnvironmentFile()
                .set("ETCD_NAME", node.name())
                .set("ETCD_DATA_DIR", EtcdLayout.dataDirectory(config))
                .set("ETCD_LISTEN_PEER_URLS", EtcdLayout.peerUrl(config, node))
                .set(
                        "ETCD_LISTEN_CLIENT_URLS",
                        EtcdLayout.clientUrl(config, node) + ",https://127.0.0.1:" + etcd.clientPort())
                .set("ETCD_INITIAL_ADVERTISE_PEER_URLS", EtcdLayout.peerUrl(config, node))
                .set("ETCD_ADVERTISE_CLIENT_URLS", EtcdLayout.clientUrl(config, node))
                .set("ETCD_INITIAL_CLUSTER_TOKEN", config.name())
                .set("ETCD_INITIAL_CLUSTER_STATE", "existing")
                .set("ETCD_HEARTBEAT_INTERVAL", etcd.heartbeatInterval().toMillis())
                .set("ETCD_ELECTION_TIMEOUT", etcd.electionTimeout().toMillis())
                .set("ETCD_QUOTA_BACKEND_BYTES", etcd.quotaBackendBytes())
                .set("ETCD_AUTO_COMPACTION_MODE", "periodic")
                .set(
                        "ETCD_AUTO_COMPACTION_RETENTION",
                        etcd.autoCompactionRetention().toSeconds() + "s")
                .set("ETCD_CERT_FILE", EtcdLayout.CERTIFICATE)
                .set("ETCD_KEY_FILE", EtcdLayout.KEY)
                .set("ETCD_TRUSTED_CA_FILE", EtcdLayout.TRUST)
                .set("ETCD_CLIENT_CERT_AUTH", true)
                .set("ETCD_PEER_CERT_FILE", EtcdLayout.CERTIFICATE)
                .set("ETCD_PEER_KEY_FILE", EtcdLayout.KEY)
                .set("ETCD_PEER_TRUSTED_CA_FILE", EtcdLayout.TRUST)
                .set("ETCD_PEER_CLIENT_CERT_AUTH", true)
                .render();
    }

    /** Returns what is added to Debian's unit: our settings instead of its own, and a member that always comes back. */
    static String dropIn() {
        return Script.file("""
            # Written by pgha; changes are overwritten.
            [Unit]
            Wants=network-online.target
            After=network-online.target time-sync.target
            StartLimitIntervalSec=0

            [Service]
            EnvironmentFile=
            EnvironmentFile={{environment}}
            EnvironmentFile=-{{firstStart}}
            ExecStartPost=+/bin/rm -f {{firstStart}}
            Restart=always
            RestartSec=1
            LimitNOFILE=65536
            OOMScoreAdjust=-500
            IOSchedulingClass=best-effort
            IOSchedulingPriority=0
            """, Systemd::word)
                .value("environment", EtcdLayout.ENVIRONMENT)
                .value("firstStart", EtcdLayout.FIRST_START)
                .render();
    }

    /** Returns what lets root call {@code etcdctl} without arguments. */
    static String profile(ClusterConfig config) {
        return "# Written by pgha; changes are overwritten. Only root and etcd can read the key.\n"
                + variables(config)
                + (config.etcd().authentication() == EtcdAuthentication.ENABLED ? Authentication.shellFunction() : "");
    }

    /** Returns what {@code etcdctl} reads from its environment, to ask whichever member serves. */
    private static String variables(ClusterConfig config) {
        return variables(config.etcdNodes().stream()
                .map(node -> EtcdLayout.clientUrl(config, node))
                .collect(Collectors.joining(",")));
    }

    /** Returns what {@code etcdctl} reads from its environment, to ask certain endpoints. */
    static String variables(String endpoints) {
        return Script.of("""
            export ETCDCTL_API=3
            export ETCDCTL_ENDPOINTS={{members}}
            export ETCDCTL_CACERT={{trust}}
            export ETCDCTL_CERT={{certificate}}
            export ETCDCTL_KEY={{key}}
            """)
                .value("members", endpoints)
                .value("trust", EtcdLayout.TRUST)
                .value("certificate", EtcdLayout.CERTIFICATE)
                .value("key", EtcdLayout.KEY)
                .render();
    }
}
