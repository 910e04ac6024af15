package io.pgha.examples.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.Cluster;
import io.pgha.PgHa;
import io.pgha.certs.Certs;
import io.pgha.certs.CertsClient;
import io.pgha.etcd.Etcd;
import io.pgha.etcd.EtcdClient;
import io.pgha.examples.cluster.ClusterTest;
import io.pgha.examples.cluster.LabCluster;
import io.pgha.examples.lab.LabHost;
import io.pgha.patroni.Patroni;
import io.pgha.patroni.PatroniClient;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Hosts whose sshd forbids tunnels: what needs one says so, and the rest works. */
@ClusterTest
@Tag("bookworm-only")
class ForbiddenTunnelsIT {
    private static final String FILE = "/etc/ssh/sshd_config.d/hardened.conf";

    private final LabCluster lab;

    ForbiddenTunnelsIT(LabCluster lab) {
        this.lab = lab;
    }

    @BeforeEach
    void forbid() throws InterruptedException {
        everywhere("echo 'AllowTcpForwarding no' >" + FILE);
    }

    @AfterEach
    void allow() throws InterruptedException {
        everywhere("rm " + FILE);
    }

    /** A restart ends when sshd listens, a reload before; neither ends a connection. */
    private void everywhere(String change) throws InterruptedException {
        for (LabHost host : lab.lab().hosts()) {
            host.exec(change + " && systemctl restart ssh").text();
        }
    }

    @Test
    void areNamedWithTheLineThatHelpsByEveryClient() throws Exception {
        try (PgHa pgha = lab.open()) {
            Cluster cluster = pgha.cluster(lab.config());
            try (PatroniClient patroni = Patroni.client(cluster);
                    EtcdClient etcd = Etcd.client(cluster);
                    CertsClient certs = Certs.client(cluster)) {
                assertNamed(patroni::view);
                assertNamed(etcd::status);
                assertNamed(certs::status);
            }
            assertThat(cluster.plan()).hasToString("postgresql-cluster: nothing to do, 0 changes");
        }
    }

    private static void assertNamed(ThrowingCallable call) {
        assertThatThrownBy(call)
                .hasMessageContaining("forbids tunnels for user ops")
                .hasMessageContaining("AllowTcpForwarding yes");
    }
}
