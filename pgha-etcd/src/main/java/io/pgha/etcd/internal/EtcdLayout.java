package io.pgha.etcd.internal;

import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.resource.HttpsRequest;
import java.util.stream.Collectors;

/** Where everything of etcd is: files, units and URLs. Stateless; no I/O. */
public final class EtcdLayout {
    public static final String UNIT = "etcd";
    public static final String OWNER = "etcd:etcd";
    public static final String TRUST = "/etc/etcd/tls/ca.crt";
    public static final String CERTIFICATE = "/etc/etcd/tls/server.crt";
    public static final String KEY = "/etc/etcd/tls/server.key";
    public static final String ENVIRONMENT = "/etc/etcd/etcd.env";
    /** How a member without data starts for the first time; gone as soon as it has been ready once. */
    public static final String FIRST_START = "/etc/etcd/first-start.env";

    public static final String DROP_IN = "/etc/systemd/system/etcd.service.d/pgha.conf";
    public static final String PROFILE = "/etc/profile.d/pgha-etcd.sh";

    private EtcdLayout() {}

    public static String dataDirectory(ClusterConfig config) {
        return "/var/lib/etcd/" + config.name();
    }

    /** Exists from the moment on in which etcd calls itself a member, and is never looked at before. */
    public static String writeAheadLog(ClusterConfig config) {
        return dataDirectory(config) + "/member/wal";
    }

    /** Returns the file of a member's database. */
    public static String database(ClusterConfig config) {
        return dataDirectory(config) + "/member/snap/db";
    }

    public static String peerUrl(ClusterConfig config, Node node) {
        return config.etcdPeerUrl(node).toString();
    }

    public static String clientUrl(ClusterConfig config, Node node) {
        return config.etcdClientUrl(node).toString();
    }

    /** Returns every member as {@code NAME=PEERURL}, as etcd wants its initial cluster. */
    public static String initialCluster(ClusterConfig config) {
        return config.etcdNodes().stream()
                .map(node -> node.name() + "=" + peerUrl(config, node))
                .collect(Collectors.joining(","));
    }

    public static HttpsRequest.Builder request(String target, ClusterConfig config, Node node) {
        return HttpsRequest.to(target)
                .address(node.address())
                .port(config.etcd().clientPort())
                .trust(TRUST)
                .client(CERTIFICATE);
    }

    /**
     * Returns a script that ends well when the member has a quorum; it reads through the gateway that Patroni uses.
     * With authentication etcd refuses whoever has no user, but not before it has asked the quorum.
     */
    public static String quorumCheck(ClusterConfig config, Node node) {
        String read = request("POST /v3/kv/range", config, node)
                .body("{\"key\":\"aGVhbHRo\",\"keys_only\":true}")
                .build()
                .render();
        return "answer=$(" + read
                + ")\ncase $answer in 200*|400*'user name is empty'*|403*'permission denied'*) ;; *) printf '%s\\n' \"HTTPS $answer\"; false ;; esac";
    }
}
