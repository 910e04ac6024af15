package io.pgha.patroni.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgha.Problem;
import io.pgha.patroni.internal.text.ConfigMerge;
import io.pgha.patroni.internal.text.ConfigText;
import io.pgha.patroni.internal.version.PatroniVersion;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused, key by key, and what is not. */
class ConfigRulesTest {
    private static List<Problem> check(String before, String patch, String version) {
        ObjectNode from = ConfigText.read(before);
        ObjectNode to = from.deepCopy();
        ConfigMerge.apply(to, ConfigText.read(patch));
        return check(
                from, to, new Servers(PatroniVersion.parse(version), OptionalInt.of(17), Set.of(), Optional.empty()));
    }

    private static List<Problem> check(ObjectNode from, ObjectNode to, Servers servers) {
        return ConfigRules.check(to, ConfigMerge.paths(ConfigMerge.patch(from, to)), servers);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{postgresql: {pg_hba: ['host all all all ldap ldapserver=h ldapbasedn=x ldapbindpasswd=my OLD']}}",
                "{postgresql: {pg_hba: ['host all all all ldapbindpasswd=OLD']}}",
                "{postgresql: {parameters: {app.api_token: [OLD]}}}",
                "{postgresql: {parameters: {archive_command: {a: 'PGPASSWORD=OLD push'}}}}",
                "{postgresql: 'password=OLD'}",
                "{standby_cluster: {host: {password: OLD}}}",
                "{standby_cluster: 'postgres://u:OLD@h/d'}",
                "{synchronous_mode: {secret: OLD}}",
            })
    void aRefusalTellsNoSecret(String patch) {
        assertThat(check("{ttl: 30}", patch, "4.0.7")).isNotEmpty().asString().doesNotContain("OLD");
    }

    private static List<String> codes(String patch, String version) {
        return check("{ttl: 30}", patch, version).stream().map(Problem::code).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "patroni.config.range|{ttl: 19, loop_wait: 1, retry_timeout: 3}",
                "patroni.config.type|{ttl: '30s'}",
                "patroni.config.type|{ttl: 30.5}",
                "patroni.config.timing|{loop_wait: 11}",
                "patroni.config.timing|{retry_timeout: 11}",
                "patroni.config.range|{loop_wait: 0}",
                "patroni.config.range|{retry_timeout: 2}",
                "patroni.config.type|{maximum_lag_on_failover: 1MB}",
                "patroni.config.range|{maximum_lag_on_failover: -1}",
                "patroni.config.range|{synchronous_node_count: 0}",
                "patroni.config.type|{check_timeline: maybe}",
                "patroni.config.type|{pause: maybe}",
                "patroni.config.type|{synchronous_mode: strict}",
                "patroni.config.ignored|{synchronous_mode: true, standby_cluster: {host: 10.0.0.1}}",
                "patroni.config.alias|{primary_start_timeout: 10, master_start_timeout: 20}",
                "patroni.config.type|{standby_cluster: true}",
                "patroni.config.ignored|{standby_cluster: {primary_slot_name: a}}",
                "patroni.config.type|{standby_cluster: {host: 10.0.0.1, port: postgres}}",
                "patroni.config.type|{standby_cluster: {host: [10.0.0.1]}}",
                "patroni.config.type|{standby_cluster: {restore_command: true}}",
                "patroni.config.type|{standby_cluster: {host: 10.0.0.1, create_replica_methods: basebackup}}",
                "patroni.config.type|{standby_cluster: {host: 10.0.0.1, recovery_min_apply_delay: soon}}",
                "patroni.config.type|{postgresql: {pg_ctl_timeout: 30s}}",
                "patroni.config.type|{postgresql: {create_replica_methods: basebackup}}",
                "patroni.config.slots|{ignore_slots: [{nam: a}]}",
                "patroni.config.type|{member_slots_ttl: soon}",
                "patroni.config.version|{primary_race_backoff: 1}",
                "patroni.config.slots|{slots: [a]}",
                "patroni.config.slots|{slots: {My-Slot: {type: physical}}}",
                "patroni.config.slots|{slots: {a: {type: logical, database: app}}}",
                "patroni.config.slots|{ignore_slots: {name: a}}",
                "patroni.config.alias|{permanent_slots: {a: {type: physical}}, slots: {b: {type: physical}}}",
                "patroni.config.type|{postgresql: text}",
                "patroni.config.type|{postgresql: {parameters: [a]}}",
                "patroni.config.type|{postgresql: {pg_hba: local all all peer}}",
                "patroni.config.type|{postgresql: {pg_hba: [{a: 1}]}}",
                "patroni.config.type|{postgresql: {use_slots: perhaps}}",
                "patroni.config.local-only|{postgresql: {listen: '*'}}",
                "patroni.config.local-only|{postgresql: {authentication: {superuser: {username: a}}}}",
                "patroni.config.parameter-name|{postgresql: {parameters: {work-mem: 1MB}}}",
                "patroni.config.parameter-value|{postgresql: {parameters: {work_mem: [1]}}}",
                "patroni.config.parameter-owned|{postgresql: {parameters: {listen_addresses: '*'}}}",
                "patroni.config.parameter-range|{postgresql: {parameters: {max_connections: 24}}}",
                "patroni.config.parameter-name|{postgresql: {parameters: {a.b.c: 1}}}",
                "patroni.config.parameter-range|{postgresql: {parameters: {max_wal_senders: two}}}",
                "patroni.config.parameter-range|{postgresql: {parameters: {wal_level: minimal}}}",
                "patroni.config.parameter-range|{postgresql: {parameters: {wal_keep_size: 8MB}}}",
                "patroni.config.parameter-range|{postgresql: {parameters: {hot_standby: off}}}",
                "patroni.config.parameter-range|{postgresql: {parameters: {track_commit_timestamp: 7}}}",
                "patroni.config.parameter-range|{postgresql: {parameters: {shared_buffers: 300mb}}}",
                "patroni.config.parameter-unknown|{postgresql: {parameters: {work_men: 64MB}}}",
                "patroni.config.parameter-duplicate|{postgresql: {parameters: {work_mem: 1MB, Work_Mem: 2MB}}}",
                "patroni.config.parameter-owned|{pgha: {}, postgresql: {parameters: {unix_socket_directories: /tmp}}}",
                "patroni.config.parameter-owned|{pgha: {}, postgresql: {parameters: {ssl: off}}}",
                "patroni.config.parameter-owned|{pgha: {}, postgresql: {parameters: {SSL_Ca_File: ''}}}",
                "patroni.config.parameter-owned|{pgha: {}, postgresql: {parameters: {password_encryption: md5}}}",
                "patroni.config.parameter-owned"
                        + "|{synchronous_mode: 'on', postgresql: {parameters: {synchronous_standby_names: '*'}}}",
                "patroni.config.version|{postgresql: {parameters_primary: {work_mem: 8MB}}}",
                "patroni.config.version|{postgresql: {pg_hba_replica: [local all all peer]}}",
                "patroni.config.pg-hba|{postgresql: {pg_hba: [hostssl all all 10.9.0.0/16 scram-sha256]}}",
                "patroni.config.pg-hba|{postgresql: {pg_hba: [local all trust]}}",
                "patroni.config.parameter-value|{postgresql: {parameters: {archive_command: true}}}",
                "patroni.config.parameter-owned|{postgresql: {parameters: {recovery_target: immediate}}}",
                "patroni.config.parameter-owned|{pgha: {}, postgresql: {parameters: {db_user_namespace: 'on'}}}",
                "patroni.config.unknown|{maximum_lag: 1}"
            })
    void refuses(String code, String patch) {
        assertThat(codes(patch, "4.1.4")).contains(code);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ttl: 20, loop_wait: 2, retry_timeout: 3}",
                "{ttl: '40'}",
                "{maximum_lag_on_syncnode: -1}",
                "{synchronous_mode: quorum}",
                "{synchronous_mode: 'on'}",
                "{member_slots_ttl: 30min}",
                "{slots: {a: {type: logical, database: app, plugin: pgoutput}, b: {type: physical}, c: {}}}",
                "{ignore_slots: [{name: a}]}",
                "{standby_cluster: {host: 10.0.0.1, port: 5432}}",
                "{standby_cluster: {host: 'a,b', port: '5432,5433', create_replica_methods: [basebackup]}}",
                "{standby_cluster: {restore_command: 'cp %f %p', recovery_min_apply_delay: 30min}}",
                "{postgresql: {pg_ctl_timeout: 30, create_replica_methods: [basebackup]}}",
                "{postgresql: {pg_ctl_timeout: '30'}}",
                "{ignore_slots: [{name: a, type: logical, database: b, plugin: c}]}",
                "{postgresql: {use_pg_rewind: true, pg_hba: [local all all peer], callbacks: {on_start: /bin/true}}}",
                "{postgresql: {parameters: {wal_level: logical, pg_stat_statements.max: 10, wal_keep_size: 1GB}}}",
                "{pgha: {}, postgresql: {parameters: {password_encryption: SCRAM-SHA-256}}}",
                "{postgresql: {parameters: {ssl: off, password_encryption: md5, synchronous_standby_names: '*'}}}",
                "{pgha: {parameters: [a]}}"
            })
    void accepts(String patch) {
        assertThat(check("{ttl: 30}", patch, "4.1.4")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{postgresql: {parameters: {ssl: null}}}|patroni.config.parameter-owned",
                "{postgresql: {parameters: {ssl: null, ssl_key_file: null}}}|patroni.config.parameter-owned",
                "{postgresql: {parameters: null}}|patroni.config.parameter-owned",
                "{postgresql: null}|patroni.config.parameter-owned",
                "{pgha: null}|patroni.config.owned",
                "{pgha: null, postgresql: null}|patroni.config.owned",
                "{postgresql: {parameters: {work_mem: null}}}|",
                "{postgresql: {use_slots: null}}|"
            })
    void whatAClusterOfPghasCannotDoWithoutIsNotTakenAway(String patch, String code) {
        String before = "{ttl: 30, pgha: {parameters: [ssl]}, postgresql: {use_slots: true, parameters: {ssl: 'on',"
                + " ssl_cert_file: /a, ssl_key_file: /b, ssl_ca_file: /c, work_mem: 1MB}}}";

        assertThat(check(before, patch, "4.1.4").stream().map(Problem::code).distinct())
                .isEqualTo(code == null ? List.of() : List.of(code));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{postgresql: {maintenance_work_mem: 128MB}}|postgresql.parameters.maintenance_work_mem",
                "{maintenance_work_mem: 128MB}|postgresql.parameters.maintenance_work_mem",
                "{postgresql: {paramters: {work_mem: 1MB}}}|postgresql.parameters",
                "{parameters: {work_mem: 1MB}}|postgresql.parameters",
                "{pg_hba: [local all all peer]}|postgresql.pg_hba",
                "{postgresql: {pghba: [local all all peer]}}|postgresql.pg_hba",
                "{postgres: {use_slots: true}}|postgresql",
                "{postgresql: {ttl: 30}}|ttl",
                "{postgresql: {synchronous_mode: true}}|synchronous_mode",
                "{loop_wiat: 10}|loop_wait",
                "{TTL: 30}|ttl",
                "{use_pg_rewind: true}|postgresql.use_pg_rewind",
                "{postgresql: {parameters: {use_slots: true}}}|postgresql.use_slots",
                "{postgresql: {parameters: {pg_hba: [local all all peer]}}}|postgresql.pg_hba",
                "{standby_cluster: {host: 10.0.0.1, por: 5432}}|standby_cluster.port",
                "{standby_cluster: {host: 10.0.0.1, slot: a}}|slots"
            })
    void namesTheRightPlace(String patch, String place) {
        assertThat(check("{ttl: 40}", patch, "4.1.4"))
                .anySatisfy(problem -> assertThat(problem.message() + " " + problem.remedy())
                        .containsIgnoringCase("did you mean " + place + "?"));
    }

    @Test
    void aWayToMakeReplicasHasASectionOfItsOwn() {
        assertThat(codes(
                        "{postgresql: {create_replica_methods: [mine], mine: {keep_data: true}, other: {command: /x}}}",
                        "4.0.7"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hostssl app app 10.9.0.0/16 scram-sha-256; hostssl x x all scram-sha-256"
                        + "|superuser postgres;replicator from 10.0.0.1, 10.0.0.2;rewind from 10.0.0.1",
                "local all all peer; hostssl all all all scram-sha-256|replicator",
                "local all all peer; host replication all all reject; hostssl all all all md5;"
                        + " hostssl replication replicator samenet md5|replicator",
                "local all all peer; hostssl replication replicator 10.0.0.1/32 md5; hostssl all all all md5"
                        + "|replicator from 10.0.0.2",
                "local all all reject; hostssl all,replication all all md5; host all all all reject|",
                "local all all peer; hostssl replication all all md5; hostssl all rewind 10.0.0.0/8 md5|",
                "local all all peer; hostssl replication \"/^rep\" all md5; hostssl \"/^.*$\" \"/^.*$\" 10.0.0.0/8 md5|",
                "local all +admins peer; hostssl replication /^rep all md5; hostssl all +admins samenet md5|",
                "local all all peer; hostssl replication REPLICATOR all md5; hostssl all all all md5|replicator",
                "local all all peer; hostssl replication all all cert; hostssl all all all md5|replicator from 10.0.0.1",
                "local all all peer; hostssl replication all all md5; hostssl all all all md5 clientcert=verify-ca"
                        + "|rewind from 10.0.0.1",
                "local all all peer; hostnossl replication all all md5; hostnossl all all all md5|replicator;rewind",
                "local all all pam; hostssl replication all all md5; hostssl all all 10.0.0.0/8 md5|superuser postgres",
            })
    void linesThatShutOutPatroniAreRefused(String lines, String refused) {
        ObjectNode from = ConfigText.read("{ttl: 30}");
        ObjectNode to = ConfigText.read("{ttl: 30, postgresql: {}}");
        for (String line : lines.split("; ?", -1)) {
            ((ObjectNode) to.path("postgresql")).withArray("pg_hba").add(line);
        }
        Servers servers = new Servers(
                PatroniVersion.parse("4.0.7"),
                OptionalInt.of(17),
                Set.of("10.0.0.1", "10.0.0.2"),
                Optional.of(new Servers.Roles("postgres", "replicator", "rewind")));
        List<Problem> problems = check(from, to, servers);
        if (refused == null) {
            assertThat(problems).isEmpty();
        } else {
            assertThat(problems)
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.message()).contains(refused.split(";", -1)));
        }
    }

    @Test
    void oldVersionsAreToldApart() {
        assertThat(codes("{synchronous_mode: quorum}", "3.0.2")).containsExactly("patroni.config.version");
        assertThat(codes("{member_slots_ttl: 30min}", "3.3.2")).containsExactly("patroni.config.version");
        assertThat(codes("{postgresql: {parameters: {wal_log_hints: off}}}", "3.0.2"))
                .containsExactly("patroni.config.parameter-range");
        assertThat(codes("{postgresql: {parameters: {wal_log_hints: off}}}", "4.0.7"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "patroni.config.parameter-range|{postgresql: {parameters_primary: {shared_buffers: 300mb}}}",
                "patroni.config.parameter-unknown|{postgresql: {parameters_replica: {work_men: 3MB}}}",
                "patroni.config.pg-hba|{postgresql: {pg_hba_primary: [hostssl all all 10.9.0.0/16 scram-sha256]}}",
                "patroni.config.pg-hba-shuts-out|{postgresql: {pg_hba_replica: [local all all reject]}}",
                "patroni.config.type|{postgresql: {pg_ident_replica: [1]}}"
            })
    void sectionsForOneRoleAreJudgedLikeThoseForAll(String code, String patch) {
        assertThat(codes(patch, "4.2.0")).containsExactly(code);
    }

    @Test
    void whereAnIncludeNeedsAVersionTheRemedySaysSo() {
        ObjectNode to = ConfigText.read("{postgresql: {pg_hba: [include_if_exists a, local all all peer]}}");
        assertThat(check(ConfigText.read("{ttl: 30}"), to, Servers.UNKNOWN))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("the version is not known here"))
                .satisfies(problem -> assertThat(problem.remedy())
                        .startsWith("Write the rules themselves")
                        .contains("version is known"));
    }

    @Test
    void whatWouldKeepPostgresFromStartingIsRefusedInClustersOfPgha() {
        String ours = "{pgha: {}, postgresql: {parameters: {max_connections: 30, work_mem: 1MB}}}";
        assertThat(check(ours, "{postgresql: {parameters: {superuser_reserved_connections: 30}}}", "4.1.4"))
                .extracting(Problem::code)
                .containsExactly("patroni.config.parameter-clash");
        assertThat(check(ours, "{postgresql: {parameters: {superuser_reserved_connections: 29}}}", "4.1.4"))
                .isEmpty();
        String odd = "{pgha: {}, postgresql: {parameters: {min_wal_size: 2MB}}}";
        assertThat(check(odd, "{postgresql: {parameters: {work_mem: 2MB}}}", "4.1.4"))
                .isEmpty();
        assertThat(check("{postgresql: {parameters: {}}}", "{postgresql: {parameters: {min_wal_size: 2MB}}}", "4.1.4"))
                .isEmpty();
    }

    @Test
    void onlyWhatIsTouchedIsJudged() {
        String odd = "{ttl: 5, nonsense: 1, postgresql: {parameters: {max_connections: 1, work_mem: 1MB}}}";
        assertThat(check(odd, "{postgresql: {parameters: {work_mem: 2MB}}}", "4.1.4"))
                .isEmpty();
        assertThat(check(odd, "{nonsense: null}", "4.1.4")).isEmpty();
        assertThat(check(odd, "{loop_wait: 2}", "4.1.4"))
                .extracting(Problem::code)
                .containsExactly("patroni.config.timing");
    }

    @Test
    void anUnknownVersionAllowsWhatTheNewestDoes() {
        assertThat(ConfigRules.check(
                        ConfigText.read("{synchronous_mode: quorum}"), Set.of("synchronous_mode"), Servers.UNKNOWN))
                .isEmpty();
    }
}
