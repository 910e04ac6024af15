package io.pgha.examples.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgha.PgHa;
import io.pgha.examples.cluster.ClusterTest;
import io.pgha.examples.cluster.LabCluster;
import io.pgha.examples.lab.LabHost;
import io.pgha.examples.lab.LocalLab;
import io.pgha.host.Transport;
import io.pgha.plan.Plan;
import io.pgha.resource.HttpsRequest;
import io.pgha.secret.Secret;
import io.pgha.ssh.Ssh;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What must hold of every deployed cluster, whoever deployed it and however: it serves, it is quiet, and it lets nobody
 * in.
 */
@ClusterTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeployedIT {
    private static final String UNITS = "etcd patroni haproxy keepalived";

    private LocalLab lab;
    private LabCluster cluster;

    @BeforeAll
    void find(LocalLab found, LabCluster deployed) {
        lab = found;
        cluster = deployed;
    }

    @Test
    void patronictlSeesOneLeaderAndTwoStreamingReplicas() throws Exception {
        JsonNode members = new ObjectMapper()
                .readTree(
                        lab.host("postgres-02").exec("patronictl list -f json").text());
        List<String> roles = new ArrayList<>();
        members.forEach(member -> roles.add(member.get("Role").asText()));
        assertThat(roles).containsExactlyInAnyOrder("Leader", "Replica", "Replica");
        assertThat(cluster.onLeader("select count(*) from pg_stat_replication where state = 'streaming'"))
                .isEqualTo("2");
        assertThat(cluster.onLeader(
                        "select count(*) from pg_stat_ssl s join pg_stat_replication r using (pid) where ssl"))
                .as("replicas stream over TLS")
                .isEqualTo("2");
    }

    @Test
    void theSecondPlanIsEmptyAndDisturbsNothing() throws Exception {
        Map<String, String> before = units();
        try (PgHa pgha = cluster.open()) {
            Plan plan = pgha.cluster(cluster.config()).plan();
            assertThat(plan).hasToString("postgresql-cluster: nothing to do, 0 changes");
            plan.apply();
            assertThat(pgha.cluster(cluster.config()).plan().isEmpty()).isTrue();
        }
        assertThat(units()).as("no restart, no reload, no VRRP transition").isEqualTo(before);
    }

    @Test
    void aUserWhoNeedsAPasswordForSudoSeesTheSame() throws Exception {
        Transport password = Ssh.transport(
                ssh -> ssh.user("opspw").password(Secret.of(lab.password())).knownHosts(lab.knownHosts()));
        try (PgHa pgha = LabCluster.open(password, cluster.state())) {
            assertThat(pgha.cluster(cluster.config()).plan())
                    .hasToString("postgresql-cluster: nothing to do, 0 changes");
        }
    }

    /** Identity of each unit's current run, its reloads, and keepalived's transitions, by host. */
    private Map<String, String> units() throws InterruptedException {
        Map<String, String> units = new TreeMap<>();
        for (LabHost host : lab.hosts()) {
            units.put(
                    host.name(),
                    host.exec(
                                    "systemctl show -p Id,InvocationID,NRestarts,MainPID " + UNITS
                                            + "; journalctl --no-pager -q -u etcd -u patroni -u haproxy -u keepalived"
                                            + " | grep -cE 'Reloading|Reloaded|Entering (MASTER|BACKUP|FAULT)|received SIGHUP'; true")
                            .text());
        }
        return units;
    }

    @Test
    void etcdRefusesWhoHasNoCertificateOfTheCluster() throws Exception {
        LabHost host = lab.host("postgres-01");
        host.exec("""
                cd /root && openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=postgres-01 -days 2 \\
                  -addext extendedKeyUsage=clientAuth -keyout foreign.key -out foreign.crt
                """).text();
        assertThat(host.exec(etcd().build().render()).text()).startsWith("000");
        assertThat(host.exec(etcd().client("/root/foreign.crt").build().render())
                        .text())
                .startsWith("000");
        assertThat(host.exec(etcd().client("/etc/etcd/tls/server.crt").build().render())
                        .text())
                .startsWith("200");
        host.exec("rm /root/foreign.*").text();
    }

    /** A request to another node's etcd, not yet with a client certificate. */
    private HttpsRequest.Builder etcd() {
        return HttpsRequest.to("GET /version")
                .address(lab.config().address("postgres-02"))
                .port(2379)
                .trust("/etc/etcd/tls/ca.crt");
    }

    @Test
    void patroniRefusesUnsafeVerbsWithoutThePassword() throws Exception {
        for (String verb : List.of(
                "POST /restart", "POST /reinitialize", "PATCH /config", "POST /switchover", "DELETE /restart")) {
            String answer = lab.host("postgres-02")
                    .exec(HttpsRequest.to(verb)
                            .address(lab.config().address("postgres-01"))
                            .port(8008)
                            .trust("/etc/patroni/tls/ca.crt")
                            .body("{\"leader\":\"x\"}")
                            .build()
                            .render())
                    .text();
            assertThat(answer).as(verb).startsWith("401");
        }
        String judgement = lab.host("haproxy-01")
                .exec("haproxy -c -f /etc/haproxy/haproxy.cfg 2>&1")
                .text();
        assertThat(judgement).doesNotContain("WARNING");
        assertThat(lab.host("haproxy-01")
                        .exec(
                                "bash -c 'exec 3<>/dev/tcp/127.0.0.1/7000; printf \"GET / HTTP/1.0\\r\\n\\r\\n\" >&3; head -1 <&3'")
                        .text())
                .as("HAProxy's statistics need their password")
                .contains("401");
    }

    @Test
    void noSecretIsInAnArgumentListAJournalOrAFileThatOthersCanRead() throws Exception {
        KeptSecrets.of(cluster.state()).assertHidden(lab.hosts());
    }
}
