package io.pgha.certs;

import io.pgha.model.ClusterConfig;
import io.pgha.model.NodeRole;
import io.pgha.model.pki.PkiConfig;
import io.pgha.port.CertificateRequest;
import java.util.function.UnaryOperator;

/** What the tests ask for. */
public final class Requests {
    private Requests() {}

    public static CertificateRequest server() {
        return CertificateRequest.builder()
                .commonName("pg1")
                .usage("etcd")
                .names("pg1", "localhost", "pg1.example.net")
                .addresses("127.0.0.1", "::1", "fd00::10", "10.0.0.11")
                .build();
    }

    /** As etcd's and its clients' are. */
    public static CertificateRequest withoutCommonName() {
        return CertificateRequest.builder()
                .usage("etcd")
                .names("pg1", "localhost")
                .addresses("127.0.0.1", "10.0.0.11")
                .build();
    }

    public static CertificateRequest named(String name) {
        return CertificateRequest.builder()
                .commonName("pg1")
                .usage("etcd")
                .names(name)
                .build();
    }

    static ClusterConfig config(UnaryOperator<PkiConfig.Builder> pki) {
        return ClusterConfig.builder()
                .name("orders")
                .topology(t -> t.node("pg1", "10.0.0.11", NodeRole.ETCD, NodeRole.POSTGRES))
                .pki(pki)
                .build();
    }

    static ClusterConfig config() {
        return config(pki -> pki);
    }
}
