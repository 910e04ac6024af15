package io.pgha.examples.classpath;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Keeps a consumer's class path free of the mixtures that fail only at run time: two versions of Bouncy Castle, Netty,
 * gRPC or Jackson, classes that come twice, a logging back end nobody asked for. Applications of Spring Boot, which
 * brings a Netty and a Jackson of its own, are run.
 */
@Tag("any-release")
class ConsumerClasspathIT {

    private static final long DEADLINE_MINUTES = 2;

    private static Map<String, ClassPathAudit> consumers = Map.of();
    private static Map<String, Path> applications = Map.of();

    @BeforeAll
    static void resolve() throws IOException, InterruptedException {
        Path module = Path.of(System.getProperty("basedir", ".")).toAbsolutePath();
        ConsumerProjects projects = new ConsumerProjects(
                module.getParent(), module.resolve("target").resolve("consumer"), property("pgha.version"));
        List<String> options = new ArrayList<>(List.of("-Dmaven.repo.local=" + property("pgha.maven.repository")));
        if (property("pgha.maven.network").equals("offline=true")) {
            options.add("--offline");
        }
        options.add("package");
        options.add("org.apache.maven.plugins:maven-dependency-plugin:" + property("pgha.maven.dependency-plugin")
                + ":build-classpath");
        consumers = projects.resolve(options);
        applications = applications().collect(Collectors.toMap(name -> name, projects::jar));
    }

    static Stream<String> strangers() {
        return Stream.concat(ConsumerProjects.LIBRARIES.stream(), Stream.of(ConsumerProjects.EVERYTHING));
    }

    static Stream<String> applications() {
        return ConsumerProjects.APPLICATIONS.keySet().stream();
    }

    static Stream<String> consumers() {
        return Stream.concat(strangers(), applications());
    }

    @ParameterizedTest
    @MethodSource("consumers")
    void hasOneVersionOfEachFamily(String consumer) {
        assertThat(audit(consumer).mixedFamilies()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("consumers")
    void hasNoClassTwice(String consumer) throws IOException {
        assertThat(audit(consumer).duplicateClasses()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("strangers")
    void bringsNoLogBackEnd(String consumer) throws IOException {
        assertThat(audit(consumer).logBackEnds()).isEmpty();
    }

    @Test
    void getsEveryLibraryUnderItsModuleName() throws IOException {
        assertThat(audit(ConsumerProjects.EVERYTHING).moduleNames())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "pgha-core", "io.pgha",
                        "pgha-ssh", "io.pgha.ssh",
                        "pgha-certs", "io.pgha.certs",
                        "pgha-etcd", "io.pgha.etcd",
                        "pgha-patroni", "io.pgha.patroni"));
    }

    /** What was looked at is what runs; Boot adds one jar of its own. */
    @ParameterizedTest
    @MethodSource("applications")
    void hasNothingElseInItsJar(String application) throws IOException {
        Set<String> classPath = audit(application).jars().stream()
                .map(jar -> jar.getFileName().toString())
                .collect(Collectors.toSet());
        try (JarFile jar = new JarFile(applications.get(application).toFile())) {
            assertThat(jar.stream().map(JarEntry::getName))
                    .filteredOn(name -> name.endsWith(".jar") && !name.contains("/spring-boot-jarmode-tools-"))
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(name.substring(name.lastIndexOf('/') + 1))
                            .isIn(classPath));
        }
    }

    /** With a real etcd where this machine has one; elsewhere nobody answers, and pgha says so. */
    @ParameterizedTest
    @MethodSource("applications")
    void runs(String application, @TempDir Path directory) throws IOException, InterruptedException {
        Optional<Path> etcd = etcd();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + directory,
                "-jar",
                applications.get(application).toString()));
        etcd.ifPresent(executable -> command.add(executable.toString()));
        Path said = directory.resolve("said.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            assertThat(process.waitFor(DEADLINE_MINUTES, TimeUnit.MINUTES))
                    .as(() -> read(said))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(read(said))
                .contains("spring: true", "configuration: true", "ssh: io.pgha.ssh.", "patroni: pg1")
                .contains(etcd.isPresent() ? "etcd: true" : "etcd: etcd.unreachable");
        assertThat(process.exitValue()).isZero();
    }

    private static Optional<Path> etcd() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(path -> Path.of(path, "etcd"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ClassPathAudit audit(String consumer) {
        ClassPathAudit audit = consumers.get(consumer);
        assertThat(audit).as(consumer).isNotNull();
        assertThat(audit.jars()).as("class path of %s", consumer).isNotEmpty();
        return audit;
    }

    private static String property(String name) {
        String value = System.getProperty(name);
        assertThat(value)
                .as("system property %s: run this test through Maven, which sets it", name)
                .isNotNull();
        return value;
    }
}
