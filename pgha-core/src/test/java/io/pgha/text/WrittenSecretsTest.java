package io.pgha.text;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WrittenSecretsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "password",
                "PGPASSWORD",
                "sslpassword",
                "passwd",
                "app.api_token",
                "app.secret",
                "secret_id",
                "secretKey",
                "AWS_SECRET_ACCESS_KEY",
                "PGBACKREST_REPO1_CIPHER_PASS",
                "--repo1-s3-key-secret",
                "credentials",
                "password2",
                "ssl_passphrase_command",
                "scram_client_key",
            })
    void aNameSaysThatItsValueIsSecret(String name) {
        assertThat(WrittenSecrets.isNamed(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "password_encryption",
                "passfile",
                "pgpass",
                "PGPASSFILE",
                "work_mem",
                "ssl_key_file",
                "credcheck.password_min_length",
                "max_connections",
                "password-file",
                "sslkey",
            })
    void otherNamesDoNot(String name) {
        assertThat(WrittenSecrets.isNamed(name)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "host=a user=b password=OLD sslmode=require|host=a user=b password=**** sslmode=require",
                "password = 'O L\\'D' host=a|password = **** host=a",
                "user=b password='O\"LD|user=b password=****",
                "postgres://u:OLD@h:5432/d|postgres://u:****@h:5432/d",
                "postgresql://u:O@L D@h/d|postgresql://u:****@h/d",
                "postgres://u@h/d?password=OLD&sslmode=require|postgres://u@h/d?password=****&sslmode=require",
                "PGPASSWORD=OLD push %p|PGPASSWORD=**** push %p",
                "PGPASSWORD='O L'\"D\" push %p|PGPASSWORD=**** push %p",
                "PGPASSWORD=O\\ LD push %p|PGPASSWORD=**** push %p",
                "sh -c 'PGPASSWORD='\\''O L'\\'' push'|sh -c 'PGPASSWORD=**** push'",
                "psql \"host=a password=OLD\" -c x|psql \"host=a password=****\" -c x",
                "psql \"password='O L' host=a\" -c x|psql \"password=**** host=a\" -c x",
                "push --token OLD --to s3 %p|push --token **** --to s3 %p",
                "push --repo1-cipher-pass=OLD %p|push --repo1-cipher-pass=**** %p",
                "curl -u me:OLD https://h/%f|curl -u me:**** https://h/%f",
                "curl -H 'Authorization: Bearer OLD' -T %p|curl -H 'Authorization: ****' -T %p",
                "curl -H \"X-Vault-Token: OLD\" -T %p|curl -H \"X-Vault-Token: ****\" -T %p",
                "curl https://u:OLD@h/%f https://v:OLD@h/|curl https://u:****@h/%f https://v:****@h/",
                "cp %p /archive/%f|cp %p /archive/%f",
                "push --no-password --fast %p|push --no-password --fast %p",
                "host=a passfile=/x|host=a passfile=/x",
                "sshpass -p OLD scp %p h:/|sshpass -p **** scp %p h:/",
            })
    void onlyTheSecretIsCovered(String text, String shown) {
        assertThat(WrittenSecrets.coveredIn(text)).isEqualTo(shown);
    }

    @Test
    void theValueOfANameThatSaysSoIsCoveredAsAWhole() {
        assertThat(WrittenSecrets.coveredIn("app.api_token", "a b")).isEqualTo("****");
        assertThat(WrittenSecrets.coveredIn("app.api_token", "")).isEmpty();
        assertThat(WrittenSecrets.coveredIn("app.name", "a b")).isEqualTo("a b");
    }

    @Property(tries = 500)
    void howeverItIsQuotedItIsCovered(
            @ForAll @StringLength(max = 12) String before, @ForAll @StringLength(max = 12) String after) {
        String secret = before + "MARK" + after + "'\"$& é" + "MARK";
        String libpq = "'" + secret.replace("\\", "\\\\").replace("'", "\\'") + "'";
        String shell = "'" + secret.replace("'", "'\"'\"'") + "'";
        String inDouble = "\"" + secret.replaceAll("([\\\\\"$`])", "\\\\$1") + "\"";
        assertThat(WrittenSecrets.coveredIn("host=a password=" + libpq + " user=b"))
                .isEqualTo("host=a password=**** user=b");
        assertThat(WrittenSecrets.coveredIn("PGPASSWORD=" + inDouble + " push %p"))
                .isEqualTo("PGPASSWORD=**** push %p");
        if (secret.indexOf('\\') < 0) {
            assertThat(WrittenSecrets.coveredIn("PGPASSWORD=" + shell + " push"))
                    .isEqualTo("PGPASSWORD=**** push");
        }
        assertThat(WrittenSecrets.coveredIn("PGPASSWORD=" + shell + " push")).doesNotContain("MARK");
        assertThat(WrittenSecrets.coveredIn("app.secret", secret)).isEqualTo("****");
        assertThat(WrittenSecrets.coveredIn("postgres://u:" + secret + "@h/d")).doesNotContain("MARK");
    }
}
