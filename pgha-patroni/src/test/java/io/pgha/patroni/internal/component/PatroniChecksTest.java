package io.pgha.patroni.internal.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.Problem;
import io.pgha.model.ClusterConfig;
import io.pgha.model.NodeRole;
import io.pgha.model.postgres.PostgresConfig;
import io.pgha.secret.Secret;
import io.pgha.secret.SecretStore;
import io.pgha.testing.FixedContext;
import io.pgha.testing.FixedPlanContext;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a plan refuses before it looks at any host. */
class PatroniChecksTest {
    private static List<Problem> problems(ClusterConfig config, String release) {
        return PatroniComponent.create().check(new FixedPlanContext(config, release));
    }

    private static ClusterConfig with(UnaryOperator<PostgresConfig.Builder> postgres) {
        return Clusters.colocated(3, postgres);
    }

    private static ClusterConfig tagged(String tag, Object value) {
        return ClusterConfig.builder()
                .name("main")
                .topology(t -> t.node(n -> n.name("pg1")
                        .address("10.0.0.1")
                        .roles(NodeRole.ETCD, NodeRole.POSTGRES)
                        .tag(tag, value)))
                .build();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "host replication all all reject|replication role replicator from 192.168.60.101",
                "host all all 0.0.0.0/0 reject|rewind role",
                "local all all reject|superuser postgres from the member itself",
                "local all postgres reject|superuser postgres from the member itself",
                "hostssl replication replicator 192.168.60.102/32 reject|replicator from 192.168.60.102",
                "hostnogssenc all all all reject|rewind role",
                "hostssl all all all cert|rewind role",
                "hostssl replication replicator all ident|replication role replicator from 192.168.60.101",
                "hostssl all rewind all pam|rewind role",
                "hostssl all all all gss|rewind role",
                "host all all all ldap ldapserver=a ldapprefix=b|rewind role",
                "hostssl all,replication all all scram-sha-256 clientcert=verify-full|replication role",
                "local all postgres pam|superuser postgres from the member itself",
            })
    void linesThatTurnPatroniAwayAreRefused(String line, String who) {
        assertThat(problems(with(pg -> pg.pgHba(line)), "trixie"))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo("config.postgres-hba-shuts-out");
                    assertThat(problem.message()).contains(who);
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host app app 0.0.0.0/0 reject",
                "hostssl all guest all reject",
                "local app all reject",
                "hostnossl all all all reject",
                "hostgssenc all all all reject",
                "hostssl replication all 10.9.0.0/16 scram-sha-256",
                "host all all 172.16.0.0/12 reject",
                "hostssl app all all cert",
                "hostssl all +people all ldap ldapserver=a ldapprefix=b",
                "local all all peer map=admins",
                "local all all trust",
                "hostssl all all all scram-sha-256"
            })
    void linesThatMeanOthersAreTaken(String line) {
        assertThat(problems(with(pg -> pg.pgHba(line)), "trixie")).isEmpty();
    }

    @Test
    void whoIsLetInBeforeIsNotTurnedAway() {
        assertThat(problems(
                        with(pg -> pg.pgHba("hostssl all all samenet scram-sha-256")
                                .pgHba("hostssl replication all samenet scram-sha-256")
                                .pgHba("host all all 0.0.0.0/0 reject")),
                        "trixie"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "bookworm, transaction_timeout, 5s",
        "trixie, promote_trigger_file, /tmp/x",
        "trixie, old_snapshot_threshold, 1h"
    })
    void parametersOfAnotherMajorVersionAreRefused(String release, String name, String value) {
        ClusterConfig config = with(pg -> pg.parameter(name, value));

        assertThat(problems(config, release)).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("config.postgres-parameter-unknown");
            assertThat(problem.message()).contains(name, release.equals("trixie") ? "PostgreSQL 17" : "PostgreSQL 15");
        });
        assertThat(problems(config, release.equals("trixie") ? "bookworm" : "trixie"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "bookworm, failover_priority, 1, 3.2",
        "bookworm, nostream, true, 3.3",
        "bookworm, sync_priority, 1, 4.1",
        "trixie, sync_priority, 1, 4.1"
    })
    void tagsThatPatroniDoesNotKnowYetAreRefused(String release, String tag, String value, String first) {
        Object typed = value.equals("true") ? (Object) true : Integer.valueOf(value);

        assertThat(problems(tagged(tag, typed), release)).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("preflight.patroni-tag");
            assertThat(problem.node()).contains("pg1");
            assertThat(problem.message()).contains(tag, "Patroni " + first);
        });
    }

    @Test
    void tagsThatItKnowsAreTaken() {
        assertThat(problems(tagged("failover_priority", 1), "trixie")).isEmpty();
        assertThat(problems(tagged("nostream", true), "trixie")).isEmpty();
        assertThat(problems(tagged("nofailover", false), "bookworm")).isEmpty();
        assertThat(problems(tagged("zone", "a"), "bookworm")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"md5d41d8cd98f00b204e9800998ecf8427e", "SCRAM-SHA-256$4096:c2FsdA==$c3Rv:c2Vy"})
    void passwordsThatPostgresWouldTakeForHashesAreRefused(String password) {
        ClusterConfig config = Clusters.colocated(1);
        SecretStore store = SecretStore.memory();
        store.obtain("postgres.rewind", () -> Secret.of(password));
        FixedPlanContext plain = new FixedPlanContext(config, "trixie");
        FixedContext context = new FixedContext(
                config,
                config.topology().nodes().stream().collect(Collectors.toMap(node -> node, plain::facts)),
                store,
                List.of());

        assertThat(PatroniComponent.create().check(context)).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("secret.postgres-hash");
            assertThat(problem.message()).contains("postgres.rewind").doesNotContain(password);
        });
    }
}
