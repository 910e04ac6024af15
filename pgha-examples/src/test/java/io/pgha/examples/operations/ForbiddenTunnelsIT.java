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
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.patroni.Patroni;
import io.pgha.patroni.PatroniClient;
import io.pgha.run.RunReport;
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

    /** Acts that talk to daemons from here go another way. */
    @Test
    void keepNoPlanFromBeingApplied() throws Exception {
        ClusterConfig changed = ClusterConfig.builder()
                .from(lab.config())
                .postgres(pg -> pg.from(lab.config().postgres())
                        .parameter("work_mem", "23MB")
                        .parameter("max_prepared_transactions", 11))
                .build();
        try (PgHa pgha = lab.open()) {
            assertThat(pgha.cluster(changed).plan().apply().outcome()).isEqualTo(RunReport.Outcome.DONE);
            for (Node node : lab.config().postgresNodes()) {
                assertThat(LabCluster.sql(
                                lab.lab().host(node.name()),
                                "select string_agg(setting, ' ' order by name) from pg_settings"
                                        + " where name in ('max_prepared_transactions', 'work_mem')"))
                        .isEqualTo("11 23552");
            }
            pgha.cluster(lab.config()).plan().apply();
        }
    }

    private static void assertNamed(ThrowingCallable call) {
        assertThatThrownBy(call)
                .hasMessageContaining("forbids tunnels for user ops")
                .hasMessageContaining("AllowTcpForwarding yes");
    }
}
