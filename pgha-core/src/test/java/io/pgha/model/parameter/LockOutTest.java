package io.pgha.model.parameter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LockOutTest {
    @ParameterizedTest
    @ValueSource(strings = {"md5", "on", "", "SCRAM", "scram-sha-256 "})
    void passwordsThatPgHbaDoesNotTake(String value) {
        assertThat(LockOut.by("Password_Encryption", value)).hasValueSatisfying(it -> {
            assertThat(it.kind()).isEqualTo("owned");
            assertThat(it.reason()).startsWith("is \"" + value + "\"").contains("scram-sha-256 only");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "TRUE", "1", "yes"})
    void rolesOfADatabase(String value) {
        assertThat(LockOut.by("db_user_namespace", value))
                .hasValueSatisfying(it -> assertThat(it.reason()).contains("role@database"));
    }

    @ParameterizedTest
    @CsvSource({
        "password_encryption, scram-sha-256",
        "password_encryption, SCRAM-SHA-256",
        "db_user_namespace, off",
        "db_user_namespace, perhaps",
        "work_mem, md5"
    })
    void whatLetsThemIn(String name, String value) {
        assertThat(LockOut.by(name, value)).isEmpty();
    }

    @Test
    void aValueIsShownAsOneLine() {
        assertThat(LockOut.by("password_encryption", "md5\nssl = off"))
                .hasValueSatisfying(it -> assertThat(it.reason()).doesNotContain("\n"));
    }
}
