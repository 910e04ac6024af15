package io.pgha.patroni.internal.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.plan.Change;
import io.pgha.plan.FileDiff;
import io.pgha.resource.FileResource;
import io.pgha.spi.Observation;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatroniYamlMaskTest {
    private static final String WANTED = """
            scope: main
            restapi:
              listen: 10.0.0.1:8008
              authentication:
                username: patroni
                password: wanted-4711
            postgresql:
              listen: 10.0.0.1:5432
            """;

    private static String diff(String found) {
        return diff(found, WANTED);
    }

    private static String diff(String found, String wanted) {
        String observed =
                "600 postgres:postgres\n" + Base64.getEncoder().encodeToString(found.getBytes(StandardCharsets.UTF_8));
        return FileResource.at("/etc/patroni/patroni.yaml")
                .content(wanted)
                .owner("postgres:postgres")
                .mode("600")
                .secretsBehind(new PatroniYamlMask())
                .build()
                .diff(Observation.of(observed))
                .flatMap(Change::diff)
                .map(FileDiff::toString)
                .orElse("");
    }

    @Test
    void showsWhatChangesWithoutTheSecrets() {
        assertThat(diff(WANTED.replace("5432", "6432")))
                .contains("-  listen: 10.0.0.1:6432", "+  listen: 10.0.0.1:5432")
                .doesNotContain("4711");
    }

    @Test
    void showsWhichParametersAreTakenAway() {
        assertThat(diff(WANTED + """
                          parameters:
                            shared_preload_libraries: pg_stat_statements
                            max_connections: 300
                            archive_command: push --key=4712 %p
                            Primary_Conninfo: host=a sslkey=4713
                            mine.key: 4714
                        """))
                .contains("-    shared_preload_libraries: pg_stat_statements", "-    max_connections: 300")
                .contains("-    archive_command: '****'", "-    mine.key: '****'")
                .doesNotContain("4712", "4713", "4714");
    }

    @Test
    void showsThatASecretWithinATextChanges() {
        String wanted = WANTED + """
                  pg_hba:
                  - host all all 10.0.0.0/8 ldap ldapserver=h ldapbasedn=x ldapbindpasswd="NEW 1"
                  - host all all 10.1.0.0/16 radius radiusservers=a radiussecrets=NEW2
                  parameters:
                    app.api_token: NEW3
                    archive_command: PGPASSWORD='NEW 4' push %p
                """;
        String found = wanted.replace("NEW2", "OLD2").replace("NEW3", "OLD3").replace("NEW 4", "OLD 4");

        assertThat(diff(found, wanted))
                .contains(
                        "-  - host all all 10.1.0.0/16 radius radiusservers=a radiussecrets=****",
                        "+  - host all all 10.1.0.0/16 radius radiusservers=a radiussecrets=**** (changed)",
                        "+    app.api_token: '**** (changed)'",
                        "+    archive_command: PGPASSWORD=**** push %p")
                .doesNotContain("OLD", "NEW");
        assertThat(diff(WANTED, wanted))
                .contains("+  - host all all 10.0.0.0/8 ldap ldapserver=h ldapbasedn=x ldapbindpasswd=****")
                .doesNotContain("NEW");
    }

    @Test
    void showsThatASecretChangesAndNothingElseOfIt() {
        assertThat(diff(WANTED.replace("wanted-4711", "OLD-and-longer")))
                .contains("-    password: '****'", "+    password: '**** (changed)'")
                .doesNotContain("OLD", "4711");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password: OLD",
                "\"password\": \"O\\x4cD OLD\"",
                "password: 'OLD''OLD'",
                "password: |\n      OLD\n      OLD",
                "password: >-\n      OLD\n\n      OLD",
                "password: !!binary T0xE",
                "password: [OLD, {a: OLD}]",
                "password: {OLD: OLD}",
                "Password: OLD",
                "password: &a OLD\n    username: *a",
                "password: x # OLD",
                "env: OLD",
                "dsn: postgres://u:OLD@h/d",
                "password: 'OLD",
                "password: OLD: OLD",
                "password: !foo OLD",
                "password: OLD\n    password: OLD",
            })
    void whatStoodThereBeforeIsNeverShown(String line) {
        String found = WANTED.replace("username: patroni\n    password: wanted-4711", line);

        assertThat(found).isNotEqualTo(WANTED);
        assertThat(diff(found)).isNotEmpty().doesNotContain("OLD", "T0xE");
    }

    @Property(tries = 200)
    void noPasswordOfAnyKindIsShown(@ForAll @StringLength(min = 6, max = 20) String old) {
        String found =
                YamlFormat.dump(Map.of("postgresql", Map.of("authentication", Map.of("password", old + "MARK"))));

        assertThat(diff(found)).doesNotContain("MARK");
    }
}
