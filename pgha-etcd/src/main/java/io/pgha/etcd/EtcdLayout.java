package io.pgha.etcd;

import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.resource.HttpsRequest;
import java.util.stream.Collectors;

/** Where everything of etcd is: files, units and URLs. Stateless; no I/O. */
final class EtcdLayout {
    static final String UNIT = "etcd";
    static final String OWNER = "etcd:etcd";
    static final String TRUST = "/etc/etcd/tls/ca.crt";
    static final String CERTIFICATE = "/etc/etcd/tls/server.crt";
    static final String KEY = "/etc/etcd/tls/server.key";
    static final String ENVIRONMENT = "/etc/etcd/etcd.env";
    /** How a member without data starts for the first time; gone as soon as it has been ready once. */
    static final String FIRST_START = "/etc/etcd/first-start.env";

    static final String DROP_IN = "/etc/systemd/system/etcd.service.d/pgha.conf";
    static final String PROFILE = "/etc/profile.d/pgha-etcd.sh";

    private EtcdLayout() {}

    static String dataDirectory(ClusterConfig config) {
        return "/var/lib/etcd/" + config.name();
    }

    /** Exists from the moment on in which etcd calls itself a member, and is never looked at before. */
    static String writeAheadLog(ClusterConfig config) {
        return dataDirectory(config) + "/member/wal";
    }

    /** Returns the file of a member's database. */
    static String database(ClusterConfig config) {
        return dataDirectory(config) + "/member/snap/db";
    }

    static String peerUrl(ClusterConfig config, Node node) {
        return url(node.address(), config.etcd().peerPort());
    }

    static String clientUrl(ClusterConfig config, Node node) {
        return url(node.address(), config.etcd().clientPort());
    }

    static String url(String address, int port) {
        return "https://" + (address.indexOf(':') >= 0 ? "[" + address + "]" : address) + ":" + port;
    }

    /** Returns every member as {@code NAME=PEERURL}, as etcd wants its initial cluster. */
    static String initialCluster(ClusterConfig config) {
        return config.etcdNodes().stream()
                .map(node -> node.name() + "=" + peerUrl(config, node))
                .collect(Collectors.joining(","));
    }

    static HttpsRequest.Builder request(String target, ClusterConfig config, Node node) {
        return HttpsRequest.to(target)
                .address(node.address())
                .port(config.etcd().clientPort())
                .trust(TRUST)
                .client(CERTIFICATE);
    }

    /**
     * Returns a script that ends well when the member has a quorum; it reads through the gateway that Patroni uses. With
     * authentication etcd refuses whoever has no user, but not before it has asked the quorum.
     */
    static String quorumCheck(ClusterConfig config, Node node) {
        String read = request("POST /v3/kv/range", config, node)
                .body("{\"key\":\"aGVhbHRo\",\"keys_only\":true}")
                .build()
                .render();
        return "answer=$(" + read
                + ")\ncase $answer in 200*|400*'user name is empty'*|403*'permission denied'*) ;; *) printf '%s\\n' \"HTTPS $answer\"; false ;; esac";
    }
}
