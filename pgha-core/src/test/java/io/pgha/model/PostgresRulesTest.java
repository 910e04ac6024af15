package io.pgha.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresRulesTest {
    @ParameterizedTest
    @CsvSource({"11,postgres-version", "12,", "17,", "18,", "19,postgres-version"})
    void knowsItsVersions(int version, String code) {
        assertThat(Configs.codes(c -> c.postgres(pg -> pg.version(version))))
                .isEqualTo(code == null ? List.of() : List.of(code));
    }

    @ParameterizedTest
    @CsvSource({
        "/srv/pg/17-main,",
        "/,postgres-data-directory",
        "srv,postgres-data-directory",
        "/srv/,postgres-data-directory",
        "/srv/../etc,postgres-data-directory",
        "/srv/.,postgres-data-directory",
        "/a b,postgres-data-directory",
        "'/a''b',postgres-data-directory",
        "/srv/.pg,"
    })
    void wantsAnAbsoluteDataDirectory(String directory, String code) {
        assertThat(Configs.codes(c -> c.postgres(pg -> pg.dataDirectory(directory))))
                .isEqualTo(code == null ? List.of() : List.of(code));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local all postgres peer",
                "host all all 10.0.0.0/8 scram-sha-256",
                "hostssl\tall\tall\tall\tcert clientcert=verify-full",
                "hostnossl all all 0.0.0.0/0 reject",
                "host \"my db\" all 10.0.0.1 255.0.0.0 md5"
            })
    void takesRulesOfPgHba(String line) {
        assertThat(Configs.codes(c -> c.postgres(pg -> pg.pgHba(line)))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "# comment", "hostssl all all all cert\nlocal all all trust", "remote all all all md5",
                        "host all all",
                "host all all 10.0.0.0/8", "local all postgres", "include other.conf", "host all \"a all all md5",
                        "LOCAL all all peer"
            })
    void refusesWhatIsNoRuleOfPgHba(String line) {
        assertThat(Configs.codes(c -> c.postgres(pg -> pg.pgHba(line)))).containsExactly("postgres-hba");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/8", "0.0.0.0/0", "10.1.2.3/32", "fd00::/8", "::/0"})
    void takesClientNetworks(String network) {
        assertThat(Configs.codes(c -> c.postgres(pg -> pg.clientNetwork(network))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.0",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.1/8",
                "fd00::1/64",
                "fd00::/129",
                "all",
                "a/8",
                "10.0.0.0/8 "
            })
    void refusesWhatIsNoNetwork(String network) {
        assertThat(Configs.codes(c -> c.postgres(pg -> pg.clientNetwork(network))))
                .containsExactly("postgres-client-network");
    }

    @Test
    void refusesLocalesAndEncodingsThatBreakACommand() {
        assertThat(Configs.codes(c -> c.postgres(pg -> pg.locale("en_US.UTF-8").encoding("LATIN1"))))
                .isEmpty();
        assertThat(Configs.codes(c -> c.postgres(pg -> pg.locale("C; rm -rf /"))))
                .containsExactly("postgres-locale");
        assertThat(Configs.codes(c -> c.postgres(pg -> pg.encoding("")))).containsExactly("postgres-encoding");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1a", "a b", "a'b", "a\"b", "pg_x", "PG_x", "public", "none", "a\n", "ä"})
    void refusesNamesThatRolesCannotHave(String name) {
        assertThat(Configs.codes(c -> c.postgres(pg -> pg.superuserName(name)))).containsExactly("postgres-role");
        assertThat(Configs.codes(c -> c.postgres(pg -> pg.replicationUser(name))))
                .containsExactly("postgres-role");
        assertThat(Configs.codes(c -> c.postgres(pg -> pg.rewindUser(name)))).containsExactly("postgres-role");
    }

    @Test
    void wantsThreeDifferentRoles() {
        assertThat(Configs.codes(c -> c.postgres(pg -> pg.replicationUser("postgres"))))
                .containsExactly("postgres-role-duplicate");
        assertThat(Configs.codes(c -> c.postgres(pg -> pg.rewindUser("replicator"))))
                .containsExactly("postgres-role-duplicate");
    }
}
