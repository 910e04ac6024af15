package io.pgha.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.Problem;
import io.pgha.model.ClusterConfig;
import io.pgha.os.Claim;
import io.pgha.secret.Secret;
import io.pgha.spi.PreflightRule;
import io.pgha.testing.FixedContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords are compared by real shells. */
class VrrpPasswordTest {
    @TempDir
    private Path directory;

    private static FixedContext context(String password) {
        FixedContext context = FixedContext.of(
                Proxies.six().build(), node -> FixedContext.healthy(node).build());
        context.secrets().obtain(KeepalivedFile.AUTH_SECRET, () -> Secret.of(password));
        return context;
    }

    private Optional<Problem> ask(String password) throws Exception {
        PreflightRule rule = VrrpPassword.of(context(password)).get(0);
        assertThat(rule.probe().script()).doesNotContain(password);
        String script = rule.probe()
                .script()
                .replace(
                        KeepalivedFile.PATH,
                        directory.resolve("keepalived.conf").toString())
                .replace(Claim.PATH, directory.resolve("cluster").toString());
        Process shell = new ProcessBuilder("sh", "-c", script).start();
        String answer = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return rule.judge().apply(answer.strip());
    }

    private void deploy(String password) throws Exception {
        FixedContext context = context(password);
        claim(context.config().name());
        Files.writeString(
                directory.resolve("keepalived.conf"),
                Proxies.file(new KeepalivedComponent(), context, "haproxy-01", KeepalivedFile.PATH)
                        .content());
    }

    private void claim(String cluster) throws Exception {
        Files.writeString(directory.resolve("cluster"), "cluster=" + cluster + "\nnode=haproxy-01\n");
    }

    @Test
    void aClusterOfAnotherNameHasOtherPasswords() throws Exception {
        deploy("old-pass");
        claim("another");

        assertThat(ask("new-pass")).isEmpty();
    }

    @Test
    void anotherPasswordThanTheNodesHaveIsRefused() throws Exception {
        deploy("old-pass");

        assertThat(ask("old-pass")).isEmpty();
        assertThat(ask("new-pass")).hasValueSatisfying(problem -> {
            assertThat(problem.code()).isEqualTo("secret.keepalived-changed");
            assertThat(problem.toString()).doesNotContain("old-pass", "new-pass");
        });
    }

    @Test
    void aNodeWithoutOneAndAFileOfSomebodyElseStandInNobodysWay() throws Exception {
        assertThat(ask("any-pass")).isEmpty();
        Files.writeString(directory.resolve("keepalived.conf"), "vrrp_instance A {\n  auth_pass theirs\n}\n");
        assertThat(ask("any-pass")).isEmpty();
        claim(context("any-pass").config().name());
        Files.writeString(directory.resolve("keepalived.conf"), "# Written by pgha.\nglobal_defs {\n}\n");
        assertThat(ask("any-pass")).isEmpty();
    }

    @Test
    void aNodeAloneMayChangeIt() {
        ClusterConfig.Builder alone = Proxies.six();
        assertThat(VrrpPassword.of(Proxies.context(alone))).hasSize(3);
        ClusterConfig one = ClusterConfig.builder()
                .name("main")
                .topology(t -> t.node("pg1", "10.0.0.1", io.pgha.model.NodeRole.ETCD, io.pgha.model.NodeRole.POSTGRES)
                        .node("lb1", "10.0.0.2", io.pgha.model.NodeRole.HAPROXY)
                        .vip("10.0.0.9/24"))
                .build();
        assertThat(VrrpPassword.of(FixedContext.of(one))).isEqualTo(List.of());
    }
}
