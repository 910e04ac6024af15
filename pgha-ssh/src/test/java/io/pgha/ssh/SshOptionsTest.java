package io.pgha.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgha.Problem;
import io.pgha.model.InvalidConfigException;
import io.pgha.secret.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class SshOptionsTest {
    private static InvalidConfigException refused(UnaryOperator<SshOptions.Builder> options) {
        return catchThrowableOfType(InvalidConfigException.class, () -> Ssh.transport(options));
    }

    @Test
    void theDefaultsAreThoseThatAreWritten() {
        SshOptions options =
                SshOptions.builder().user("ops").privateKey(Path.of("id")).build();
        assertThat(options.knownHosts()).isEqualTo(Path.of(System.getProperty("user.home"), ".ssh", "known_hosts"));
        assertThat(options.hostKeyPolicy()).isEqualTo(HostKeyPolicy.STRICT);
        assertThat(options.connectTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(options.keepAliveInterval()).isEqualTo(Duration.ofSeconds(15));
        assertThat(options.keepAliveCount()).isEqualTo(3);
        assertThat(options.sudoPassword()).isEmpty();
        assertThat(options.jump()).isEmpty();
        assertThat(SshJump.builder().host("bastion").build().port()).isEqualTo(22);
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnce() {
        InvalidConfigException e = refused(ssh -> ssh.user("o ps")
                .sudoPassword(Secret.of("two\nlines"))
                .connectTimeout(Duration.ZERO)
                .keepAliveCount(0));
        assertThat(e.problems())
                .extracting(Problem::code)
                .containsExactlyInAnyOrder(
                        "config.ssh-name",
                        "config.ssh-password",
                        "config.ssh-credentials",
                        "config.ssh-duration",
                        "config.ssh-keep-alive");
        assertThat(e.getMessage()).doesNotContain("two\nlines");
    }

    @Test
    void aJumpHostIsCheckedToo() {
        InvalidConfigException e = refused(ssh -> ssh.user("ops")
                .privateKey(Path.of("id"))
                .jump(jump -> jump.host("").port(70_000)));
        assertThat(e.problems()).extracting(Problem::code).containsExactly("config.ssh-name", "config.ssh-port");
    }

    @Test
    void aHomeDirectoryIsWrittenOut() {
        InvalidConfigException e = refused(ssh -> ssh.user("ops")
                .privateKey(Path.of("~/.ssh/id"))
                .knownHosts(Path.of("~/.ssh/known_hosts"))
                .jump(jump -> jump.host("bastion").privateKey(Path.of("./~id"))));
        assertThat(e.problems()).extracting(Problem::code).containsExactly("config.ssh-path", "config.ssh-path");
        assertThat(e)
                .hasMessageContaining("private key ~/.ssh/id starts with ~")
                .hasMessageContaining("Path.of(System.getProperty(\"user.home\"), \".ssh/known_hosts\")");
    }

    @Test
    void aUserIsMandatory() {
        assertThat(refused(ssh -> ssh.privateKey(Path.of("id")))).hasMessageContaining("user");
    }
}
