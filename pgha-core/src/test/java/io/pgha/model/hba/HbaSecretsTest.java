package io.pgha.model.hba;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HbaSecretsTest {
    private static final String LDAP = "host all all 10.0.0.0/8 ldap ldapserver=h ";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ldapbindpasswd=OLD ldapbasedn=x|ldapbindpasswd=**** ldapbasedn=x",
                "ldapbindpasswd=\"O L\"\"D\" ldapbasedn=x|ldapbindpasswd=**** ldapbasedn=x",
                "\"ldapbindpasswd=O map=LD\" ldapbasedn=x|\"ldapbindpasswd=****\" ldapbasedn=x",
                "LDAPBindPasswd=OLD LdapBaseDN=x|LDAPBindPasswd=**** LdapBaseDN=x",
                "radiussecrets=\"O\",\"LD\" radiusports=1,2|radiussecrets=**** radiusports=1,2",
                "radiussecrets=\"\"\"O, L\"\",\"\"D\"\"\" radiusports=1|radiussecrets=**** radiusports=1",
                "radiussecrets=\"O\", \"LD\" # OLD|radiussecrets=****",
                "ldapbindpasswd=O LD ldapbasedn=x|ldapbindpasswd=**** ldapbasedn=x",
                "ldapbindpasswd = OLD|ldapbindpasswd = ****",
                "ldapbindpasswd OLD|ldapbindpasswd ****",
                "ldapbindpasword=OLD|ldapbindpasword=****",
                "ldapbindpasswd=\"O LD ldapbasedn=x|ldapbindpasswd=****",
                "ldapbasedn=\"cn=passwd\"|ldapbasedn=\"cn=passwd\"",
                "ldapprefix=cn=|ldapprefix=cn=",
            })
    void onlyTheSecretIsCovered(String options, String shown) {
        assertThat(HbaSecrets.coveredIn(LDAP + options)).isEqualTo(LDAP + shown);
        assertThat(HbaSecrets.coveredIn("# " + options)).isEqualTo("# " + shown);
    }

    @Test
    void aLineMayGoOnInTheNextOne() {
        assertThat(HbaSecrets.coveredIn(List.of(
                        "local all all peer",
                        LDAP + "ldapbindpasswd=\"O \\",
                        "L\\",
                        "D\" ldapbasedn=x",
                        "local all b md5")))
                .containsExactly(
                        "local all all peer",
                        LDAP + "ldapbindpasswd=****\\",
                        "****\\",
                        "**** ldapbasedn=x",
                        "local all b md5");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host all all 10.0.0.0/8 ldap ldapserver=h ldapbasedn=x ldapbindpasswd=%s",
                "host all all 10.0.0.0/8 ldap ldapserver=h ldapbindpasswd=%s ldapbasedn=x",
                "host all all 10.0.0.0/8 ldap ldapserver=h ldapbindpasswd %s",
                "host all all 10.0.0.0/8 ldap ldapserver=h ldapbindpassword=%s",
                "host all all 10.0.0.0/8 ldap \"ldapbindpasswd=%s\"",
                "host all all 10.0.0.0/8 radius radiusservers=a,b radiussecrets=%s",
                "host all all 10.0.0.0/8 radiussecrets=%s",
                "host all all radiussecrets=%s",
                "host all ldapbindpasswd=%s",
                "ldapbindpasswd=%s",
                "# ldapbindpasswd=%s",
                "host all all 10.0.0.0/8 ldap ldapbindpasswd=%s \\",
            })
    void noFlawTellsOne(String line) {
        for (String secret : List.of(
                "MARK",
                "a MARK",
                "a,MARK",
                "a, MARK",
                "a\"MARK",
                "a\" MARK",
                "a#MARK",
                "a # MARK",
                "a=MARK",
                "$&MARK é",
                "\tMARK",
                "x\u0000MARK",
                "\"a b\" MARK",
                "x\"\"MARK y")) {
            HbaFile file = HbaFile.parse(List.of(line.formatted(secret)), OptionalInt.of(17));

            assertThat(file.flaws().toString()).as(secret).doesNotContain("MARK");
            assertThat(HbaSecrets.coveredIn(line.formatted(secret))).as(secret).doesNotContain("MARK");
        }
    }

    @Test
    void aSecretOfTwoWordsIsExplained() {
        HbaFile file = HbaFile.parse(List.of(LDAP + "ldapbasedn=x ldapbindpasswd=my secret"), OptionalInt.of(17));

        assertThat(file.flaws()).singleElement().satisfies(flaw -> {
            assertThat(flaw.line()).isEqualTo(LDAP + "ldapbasedn=x ldapbindpasswd=****");
            assertThat(flaw.reason()).startsWith("the secret in it must be one word");
        });
    }

    @Property(tries = 500)
    void aSecretInQuotesIsCoveredAndNothingElse(@ForAll @StringLength(max = 20) String text) {
        String secret = "\"" + (text + "' map=x $& # ,").replace("\"", "\"\"").replace("\\", "/") + "\"";

        assertThat(HbaSecrets.coveredIn(LDAP + "ldapbindpasswd=" + secret + " ldapbasedn=x"))
                .isEqualTo(LDAP + "ldapbindpasswd=**** ldapbasedn=x");
    }
}
