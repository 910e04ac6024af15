package io.pgha.os;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.Problem;
import io.pgha.host.Probe;
import io.pgha.model.Node;
import io.pgha.model.NodeRole;
import io.pgha.spi.PreflightRule;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageProspectsTest {
    private static final Node NODE = Node.builder()
            .name("pg1")
            .address("10.0.0.1")
            .roles(NodeRole.POSTGRES)
            .build();

    @TempDir
    Path directory;

    @BeforeEach
    void aHostWithFreshListsThatLacksPatroni() throws Exception {
        program("dpkg-query", "echo 'installed openssl'; echo 'config-files patroni'\n");
        program("dpkg", ":\n");
        program("find", "case \"$*\" in *-mmin*) echo x ;; esac\n");
        policy("""
            patroni:
              Installed: (none)
              Candidate: 4.0.6-1
              Version table:
                 4.0.6-1 500
                    500 http://deb.debian.org/debian trixie/main amd64 Packages
            """);
    }

    @Test
    void whatCanBeInstalledIsNoProblem() throws Exception {
        assertThat(problems("openssl", "patroni")).isEmpty();
    }

    @Test
    void aHostThatHasEverythingIsNotAskedFurther() throws Exception {
        program("dpkg", "printf 'openssl\\thold\\n'\n");
        program("apt-cache", "exit 1\n");

        assertThat(problems("openssl")).isEmpty();
    }

    @Test
    void aHeldPackageIsNamedWithWhatReleasesIt() throws Exception {
        program("dpkg", "[ \"$*\" = '--get-selections patroni' ] && printf 'patroni:amd64\\t\\thold\\n'\n");

        assertThat(problems("openssl", "patroni")).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("preflight.package-held");
            assertThat(problem.remedy()).isEqualTo("Run on pg1: apt-mark unhold patroni.");
        });
    }

    @Test
    void aPinThatForbidsAllIsNamed() throws Exception {
        policy("""
            patroni:
              Installed: (none)
              Candidate: (none)
              Version table:
                 4.0.6-1 -1
                    500 http://deb.debian.org/debian trixie/main amd64 Packages
            """);

        assertThat(problems("patroni")).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("preflight.package-pinned");
            assertThat(problem.remedy()).contains("on pg1", "apt-cache policy patroni");
        });
    }

    @Test
    void aPackageThatNoRepositoryHasIsNamed() throws Exception {
        policy("");

        assertThat(problems("patroni"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.code()).isEqualTo("preflight.package-unknown"));
    }

    @Test
    void listsThatWillBeRefreshedProveNothing() throws Exception {
        policy("");
        program("find", ":\n");
        assertThat(problems("patroni")).isEmpty();

        program("find", "echo x\n");
        assertThat(problems("patroni")).isEmpty();
    }

    private List<Problem> problems(String... packages) throws Exception {
        List<PreflightRule> rules = PackageProspects.of(NODE, List.of(packages));
        assertThat(rules.stream().map(rule -> rule.probe().script()).distinct())
                .as("asked once")
                .hasSize(1);
        Probe probe = rules.get(0).probe();
        ProcessBuilder builder =
                new ProcessBuilder("sh", "-c", probe.batches().get(0).alone() + probe.script());
        builder.environment().merge("PATH", directory.toString(), (path, own) -> own + ":" + path);
        Process process = builder.start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return rules.stream()
                .flatMap(rule -> rule.judge().apply(answer.strip()).stream())
                .toList();
    }

    private void policy(String text) throws Exception {
        Files.writeString(directory.resolve("policy"), text);
        program("apt-cache", "cat " + directory.resolve("policy") + "\n");
    }

    private void program(String name, String script) throws Exception {
        Path file = directory.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + script, StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
