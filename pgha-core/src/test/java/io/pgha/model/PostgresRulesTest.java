package io.pgha.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
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
                "host \"my db\" all 10.0.0.1 255.0.0.0 md5",
                "host a,\"b c\", d +role,/^x.*$ samenet scram-sha-256 # comment",
                "hostssl all @users fd00::/8 scram-sha-256 clientcert=verify-ca",
                "host all all db.example.com md5",
                "host all all .example.com ldap ldapserver=x ldapprefix=\"cn=\"",
                "hostgssenc all all 0.0.0.0/0 gss include_realm=0 map=m",
                "host all all ::1/128 ident"
            })
    void takesRulesOfPgHba(String line) {
        assertThat(Configs.codes(c -> c.postgres(pg -> pg.pgHba(line)))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "# comment",
                "hostssl all all all cert\nlocal all all trust",
                "remote all all all md5",
                "host all all",
                "host all all 10.0.0.0/8",
                "local all postgres",
                "include other.conf",
                "host all \"a all all md5",
                "LOCAL all all peer",
                "hostssl all all 10.9.0.0/16 scram-sha256",
                "local all trust",
                "host all all 10.9.0.0/33 md5",
                "host all all 10.9/16 md5",
                "host all all 10.9.0.1 md5",
                "host all all 10.9.0.0 255.0.255.0 md5",
                "host all all fd00::/129 md5",
                "host all all example.com/24 md5",
                "host all all all peer",
                "local all all gss",
                "host all all all cert",
                "host all all all md5 map=x",
                "host all all all scram-sha-256 clientcert=verify-full",
                "hostssl all all all md5 clientcert=1",
                "host all all all md5 sure",
                "host all all all,10.0.0.0/8 md5",
                "host all all all radius",
                "local all all peer \\",
                "hostsll all all all md5"
            })
    void refusesWhatIsNoRuleOfPgHba(String line) {
        assertThat(Configs.codes(c -> c.postgres(pg -> pg.pgHba(line)))).containsExactly("postgres-hba");
    }

    @ParameterizedTest
    @CsvSource({
        "hostssl all all 10.9.0.0/16 scram-sha256, did you mean scram-sha-256?",
        "hostsll all all all md5, did you mean hostssl?",
        "local all trust, the method is missing",
        "host all all 10.9.0.1 md5, did you mean 10.9.0.1/32?",
        "hostssl all all all md5 clientcrt=verify-ca, did you mean clientcert?",
        "host all all all md5 map=x, does not belong to md5",
        "include other.conf, needs PostgreSQL 16"
    })
    void saysWhatIsWrongWithARuleOfPgHba(String line, String reason) {
        assertThat(Configs.problems(c -> c.postgres(pg -> pg.pgHba(line))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains(reason));
    }

    @Test
    void includesAreTakenFrom16On() {
        assertThat(Configs.codes(c -> c.postgres(pg -> pg.version(17).pgHba("include_dir /etc/hba.d"))))
                .isEmpty();
        assertThat(Configs.codes(c -> c.postgres(pg -> pg.version(15).pgHba("include_dir /etc/hba.d"))))
                .containsExactly("postgres-hba");
    }

    @Property
    void anyLineIsJudged(@ForAll String line) {
        assertThatCode(() -> HbaFile.parse(List.of(line, "host all " + line), OptionalInt.of(17))
                        .refuses(new HbaFile.Login(Optional.of("a"), "b", Optional.of("10.0.0.1"))))
                .doesNotThrowAnyException();
    }

    @Test
    void aLineGoesOnBehindABackslash() {
        HbaFile file = HbaFile.parse(List.of("host all all \\", "all md5", "# nothing", ""), OptionalInt.empty());
        assertThat(file.flaws()).isEmpty();
        assertThat(file.size()).isEqualTo(1);
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
        assertThat(Configs.codes(
                        c -> c.postgres(pg -> pg.locale("en_US.ISO-8859-1").encoding("LATIN1"))))
                .isEmpty();
        assertThat(Configs.codes(c -> c.postgres(pg -> pg.locale("C; rm -rf /"))))
                .containsExactly("postgres-locale");
        assertThat(Configs.codes(c -> c.postgres(pg -> pg.encoding("")))).containsExactly("postgres-encoding");
    }

    /** As initdb of PostgreSQL 15 says of the names and locales that a Debian has; the others are aliases that PostgreSQL documents. */
    @ParameterizedTest
    @CsvSource({
        "UTF8, C.UTF-8,",
        "utf-8, en_US.utf8,",
        "UNICODE, de_DE.UTF-8@euro,",
        "SQL_ASCII, C.UTF-8,",
        "LATIN1, C,",
        "iso8859-15, POSIX,",
        "win, C,",
        "windows-1252, C,",
        "EUC_JIS_2004, C,",
        "koi8, ru_RU.KOI8-R,",
        "LATIN9, de_DE.ISO-8859-15@euro,",
        "UTF8, de_DE,",
        "BIG5, C, postgres-encoding",
        "gb18030, C, postgres-encoding",
        "GBK, C, postgres-encoding",
        "JOHAB, C, postgres-encoding",
        "SJIS, C, postgres-encoding",
        "SHIFT_JIS_2004, C, postgres-encoding",
        "UHC, C, postgres-encoding",
        "UTF16, C, postgres-encoding",
        "LATIN11, C, postgres-encoding",
        "LATIN1, C.UTF-8, postgres-encoding-locale",
        "MULE_INTERNAL, C.utf8, postgres-encoding-locale",
        "UTF8, de_DE.ISO-8859-1, postgres-encoding-locale"
    })
    void takesTheEncodingsThatADatabaseCanHave(String encoding, String locale, String code) {
        assertThat(Configs.codes(c -> c.postgres(pg -> pg.encoding(encoding).locale(locale))))
                .isEqualTo(code == null ? List.of() : List.of(code));
    }

    @Test
    void saysThatAnEncodingIsForClientsOnly() {
        assertThat(Configs.problems(c -> c.postgres(pg -> pg.encoding("SJIS"))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("no database"));
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
