package io.pgha.model.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.pgha.model.Configs;
import io.pgha.model.hba.HbaFile;
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
        "/srv/.pg,",
        "/data,",
        "/home/postgres/17,",
        "/var/lib/etcdata,",
        "/var/lib/postgresql/17,",
        "/etc,postgres-data-directory",
        "/etc/postgresql/17/data,postgres-data-directory",
        "/usr/local/pgsql/data,postgres-data-directory",
        "/root/data,postgres-data-directory",
        "/tmp/data,postgres-data-directory",
        "/mnt,postgres-data-directory",
        "/var/lib,postgres-data-directory",
        "/var/lib/postgresql,postgres-data-directory",
        "/var/lib/etcd,postgres-data-directory",
        "/var/lib/etcd/postgresql-cluster,postgres-data-directory",
        "/var/lib/pgha,postgres-data-directory"
    })
    void wantsADataDirectoryOfItsOwn(String directory, String code) {
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
                "host all all ::1/128 ident",
                "",
                "# comment",
                "host all all ::ffff:10.0.0.1/128 md5",
                "host all all ::ffff:10.0.0.0 ffff:ffff:ffff:ffff:ffff:ffff:ffff:0 md5",
                "host all all 10.9.0.0 255.0.255.0 md5",
                "host all all fe80::1%eth0/64 md5"
            })
    void takesRulesOfPgHba(String line) {
        assertThat(Configs.codes(c -> c.postgres(pg -> pg.pgHba(line)))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
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
                "host all all 10.9.0.0 ffff:: md5",
                "host all all fd00::/129 md5",
                "host all all ::ffff:10.0.0.1/129 md5",
                "host all all fd00::1%eth0/64 md5",
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

    /** As a reload of PostgreSQL 15 and 17 says in its log. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ldap ldapprefix=\"cn=\" ldapsuffix=\",dc=x\"",
                "ldap ldapserver=a ldapbasedn=\"dc=x\" ldapbinddn=b ldapbindpasswd=c ldapsearchattribute=uid",
                "ldap ldapbasedn=\"dc=x\" ldapsearchfilter=\"(uid=$username)\"",
                "ldap ldapurl=\"ldap://a/dc=x?uid?sub\"",
                "ldap ldapurl=\"LDAPS://a/dc=x??sub?(uid=$username)\"",
                "ldap ldapurl=\"ldap://a\" ldapprefix=\"cn=\"",
                "ldap ldapurl=\"ldap://a\" ldapbasedn=\"dc=x\"",
                "ldap ldapurl=\"ldap://a/\"",
                "radius radiusservers=10.0.0.1 radiussecrets=x",
                "radius radiusservers=\"10.0.0.1, 10.0.0.2\" radiussecrets=x radiusports=\"1812,1813\"",
                "radius radiusservers=\"10.0.0.1,10.0.0.2\" radiussecrets=\"\"\"x\"\",\"\"y z\"\"\" radiusidentifiers=a",
                "radius radiusservers=10.0.0.1 radiussecrets=\"\"\"x,y\"\"\" radiusports=\"\""
            })
    void takesOptionsThatGoTogether(String method) {
        assertThat(Configs.codes(c -> c.postgres(pg -> pg.pgHba("host all all all " + method))))
                .isEmpty();
    }

    /** As a reload of PostgreSQL 15 and 17 says in its log. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ldap ldapserver=a|needs ldapbasedn",
                "ldap ldapserver=a ldapsearchattribute=uid|needs ldapbasedn",
                "ldap ldapurl=\"ldap://a\"|needs ldapbasedn",
                "ldap ldapprefix=x ldapbasedn=y|bind without a search",
                "ldap ldapsuffix=x ldapbindpasswd=y|bind without a search",
                "ldap ldapprefix=x ldapurl=\"ldap://a/dc=x\"|bind without a search",
                "ldap ldapbasedn=x ldapsearchattribute=y ldapsearchfilter=z|do not go together",
                "ldap ldapurl=\"ldap://a/dc=x?uid?sub?(uid=1)\"|do not go together",
                "ldap ldapurl=\"ldap://a/dc=x?uid\" ldapsearchfilter=z|do not go together",
                "ldap ldapurl=\"ldapi://a/dc=x\"|ldap://host",
                "ldap ldapurl=|ldap://host",
                "ldap ldapserver=a ldapbasedn=x ldapport=0|must be a port",
                "radius radiusservers=10.0.0.1|needs radiusservers and radiussecrets",
                "radius radiusservers=\" \" radiussecrets=x|needs radiusservers and radiussecrets",
                "radius radiusservers=10.0.0.1 radiussecrets=\"x,y\"|radiussecrets has 2 items for 1",
                "radius radiusservers=\"10.0.0.1,10.0.0.2\" radiussecrets=x radiusports=\"1,2,3\"|radiusports has 3",
                "radius radiusservers=10.0.0.1 radiussecrets=x radiusidentifiers=\"a,b\"|radiusidentifiers has 2",
                "radius radiusservers=\"10.0.0.1,,10.0.0.2\" radiussecrets=x|radiusservers is no list",
                "radius radiusservers=10.0.0.1 radiussecrets=\"x y\"|radiussecrets is no list",
                "radius radiusservers=10.0.0.1 radiussecrets=\"x,\"|radiussecrets is no list",
                "radius radiusservers=10.0.0.1 radiussecrets=x radiusports=0|must be ports"
            })
    void saysWhichOptionsDoNotGoTogether(String method, String reason) {
        assertThat(Configs.problems(c -> c.postgres(pg -> pg.pgHba("host all all all " + method))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains(reason));
    }

    @ParameterizedTest
    @CsvSource({
        "10.9.0.1/16, 10.9.200.5, true",
        "10.9.0.1 255.255.0.0, 10.10.0.1, false",
        "10.9.0.0 255.0.255.0, 10.77.0.5, true",
        "10.9.0.0 255.0.255.0, 10.9.1.5, false",
        "0.0.0.0/0, 10.9.1.5, true",
        "::/0, 10.9.1.5, false",
        "::ffff:10.9.1.5/128, 10.9.1.5, false",
        "fe80::1%eth0/64, fe80::2, true"
    })
    void anAddressIsComparedInTheBitsOfTheMask(String network, String from, boolean fits) {
        HbaFile file = HbaFile.parse(List.of("host all all " + network + " md5"), OptionalInt.empty());
        assertThat(file.flaws()).isEmpty();
        assertThat(file.refuses(new HbaFile.Login(Optional.of("a"), "b", Optional.of(from), HbaFile.Way.ANY)))
                .isNotEqualTo(fits);
    }

    @Test
    void aLineOfAConfigurationGoesOnInTheNextOne() {
        assertThat(Configs.codes(
                        c -> c.postgres(pg -> pg.pgHba("host all all \\").pgHba("all md5"))))
                .isEmpty();
    }

    @Test
    void includesAreTakenFrom16On() {
        assertThat(Configs.codes(c -> c.postgres(pg -> pg.version(17).pgHba("include_dir /etc/hba.d"))))
                .isEmpty();
        assertThat(Configs.codes(c -> c.postgres(pg -> pg.version(15).pgHba("include_dir /etc/hba.d"))))
                .containsExactly("postgres-hba");
    }

    @ParameterizedTest
    @ValueSource(strings = {"include a", "include_if_exists a", "include_dir a"})
    void whereIncludesNeedAVersionTheRemedyNamesIt(String line) {
        assertThat(Configs.problems(c -> c.postgres(pg -> pg.pgHba(line))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("the version is not known here"))
                .satisfies(
                        problem -> assertThat(problem.remedy()).startsWith("Set postgres.version to 16 or later, or"));
        assertThat(Configs.problems(c -> c.postgres(pg -> pg.version(17).pgHba("include"))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("needs one path"))
                .satisfies(problem -> assertThat(problem.remedy()).startsWith("Write one rule per line"));
    }

    @Property
    void anyLineIsJudged(@ForAll String line) {
        assertThatCode(() -> HbaFile.parse(List.of(line, "host all " + line), OptionalInt.of(17))
                        .refuses(new HbaFile.Login(Optional.of("a"), "b", Optional.of("10.0.0.1"), HbaFile.Way.ANY)))
                .doesNotThrowAnyException();
    }

    @Test
    void aLineGoesOnBehindABackslash() {
        HbaFile file = HbaFile.parse(List.of("host all all \\", "all md5", "# nothing", ""), OptionalInt.empty());
        assertThat(file.flaws()).isEmpty();
        assertThat(file).hasToString("pg_hba.conf of 1 lines, and 0 that PostgreSQL would not take");
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

    /**
     * As initdb of PostgreSQL 15 says of the names and locales that a Debian has; the others are aliases that
     * PostgreSQL documents.
     */
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

    @ParameterizedTest
    @CsvSource({
        "1e3, begin with a letter or _",
        "-a, begin with a letter or _",
        "a b, the letters",
        "ä, the letters",
        "'', has a name",
        "PG_x, begin with pg_",
        "public, a word of PostgreSQL's own",
        "a123456789012345678901234567890123456789012345678901234567890123, 64 characters",
    })
    void saysWhatIsWrongWithARole(String name, String wrong) {
        assertThat(Configs.problems(c -> c.postgres(pg -> pg.superuserName(name))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains(wrong));
    }

    @Test
    void wantsThreeDifferentRoles() {
        assertThat(Configs.codes(c -> c.postgres(pg -> pg.replicationUser("postgres"))))
                .containsExactly("postgres-role-duplicate");
        assertThat(Configs.codes(c -> c.postgres(pg -> pg.rewindUser("replicator"))))
                .containsExactly("postgres-role-duplicate");
    }
}
