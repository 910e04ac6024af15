package io.pgha.etcd.internal.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.spi.Observation;
import io.pgha.spi.Resource;
import io.pgha.testing.FixedPlanContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node tells of authentication, with an {@code etcdctl} that answers from variables of the test. */
class AuthenticationGuardTest {
    /** As etcd 3.4 and 3.5 print it. */
    private static final String DETAIL =
            "User: main\\nRole main\\nKV Read:\\n\\t[/service/main/, /service/main0) (prefix /service/main/)\\n"
                    + "KV Write:\\n\\t[/service/main/, /service/main0) (prefix /service/main/)\\n\\n";

    private final Resource resource = Authentication.enabled(new FixedPlanContext(Clusters.authenticated(), "trixie"));

    @TempDir
    Path directory;

    private Path passwords;
    private String off = "false";
    private String says = "Error: etcdserver: user name is empty";
    private String marked = "";
    private String patroni = "secret-of-etcd.patroni";
    private String detail = DETAIL;

    @BeforeEach
    void passwords() throws IOException {
        passwords = Files.writeString(
                directory.resolve("passwords"),
                "ROOT_PASSWORD=secret-of-etcd.root\nPATRONI_PASSWORD=secret-of-etcd.patroni\n");
    }

    private String observe() throws IOException, InterruptedException {
        Path etcdctl = Files.writeString(directory.resolve("etcdctl"), """
                #!/bin/sh
                echo "$ETCDCTL_ENDPOINTS" >>'%s'
                case "${ETCDCTL_USER-}:${ETCDCTL_PASSWORD-} $*" in
                  ": --command-timeout=5s get health --keys-only") echo '%s' >&2; %s ;;
                  "root:secret-of-etcd.root --command-timeout=5s get /pgha/main/authentication-unproven --keys-only") printf '%s' ;;
                  "main:%s --command-timeout=5s get --prefix /service/main/ --limit=1 --keys-only") echo /service/main/config ;;
                  "root:secret-of-etcd.root --command-timeout=5s user get main --detail") printf '%s' ;;
                  *) echo "unexpected: $*" >&2; exit 1 ;;
                esac
                """.formatted(
                        directory.resolve("asked"), says, off, marked, patroni, detail));
        assertThat(etcdctl.toFile().setExecutable(true)).isTrue();
        ProcessBuilder sh = new ProcessBuilder(
                "sh", "-c", resource.probe().script().replace("/etc/etcd/passwords", passwords.toString()));
        sh.environment().put("PATH", directory + ":" + System.getenv("PATH"));
        Process asked = sh.redirectErrorStream(true).start();
        return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    private void assertTells(String answer) throws IOException, InterruptedException {
        assertThat(observe()).isEqualTo(answer);
        assertThat(resource.told(answer)).isTrue();
        assertThat(resource.diff(Observation.of(answer)))
                .hasValueSatisfying(change -> assertThat(change.reason()).isEqualTo(answer));
    }

    @Test
    void whatIsAsDesiredIsAskedOfTheNodesOwnMember() throws Exception {
        assertThat(observe()).isEqualTo("ok");
        assertThat(resource.told("ok")).isTrue();
        assertThat(resource.diff(Observation.of("ok"))).isEmpty();
        assertThat(Files.readAllLines(directory.resolve("asked"))).hasSize(4).containsOnly("https://127.0.0.1:2379");
    }

    @Test
    void aRefusalOfTheCertificatesNameIsAuthenticationToo() throws Exception {
        says = "Error: etcdserver: permission denied";
        assertThat(observe()).isEqualTo("ok");
    }

    @Test
    void aNodeWithoutPasswordsLeavesItToOthersToTell() throws Exception {
        Files.delete(passwords);
        assertThat(observe())
                .isEqualTo("there are no users yet")
                .isEqualTo(resource.probe().bare());
        assertThat(resource.told("there are no users yet")).isFalse();
        assertThat(resource.diff(Observation.of("there are no users yet"))).isPresent();
    }

    @Test
    void aNodeWhoseMemberDoesNotAnswerLeavesItToOthersToTell() throws Exception {
        says = "Error: context deadline exceeded";
        assertThat(observe()).isEqualTo("etcd does not answer");
        assertThat(resource.told("etcd does not answer")).isFalse();
        assertThat(resource.diff(Observation.of("etcd does not answer"))).isPresent();
    }

    @Test
    void whatIsNotAsDesiredIsTold() throws Exception {
        detail = DETAIL + "Role guest\\n";
        assertTells("the user main may not read and write /service/main/, or more than that");
        patroni = "another";
        assertTells("the user main cannot log in");
        marked = "/pgha/main/authentication-unproven\\n\\n";
        assertTells("no Patroni has been seen to write with it");
        off = "true";
        assertTells("it is disabled");
    }
}
