package io.pgha.examples.classpath;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Keeps a consumer's class path free of the mixtures that fail only at run time: two versions of Bouncy Castle, Netty or
 * Jackson, classes that come twice, a logging back end nobody asked for.
 */
class ConsumerClasspathIT {

    private static Map<String, ClassPathAudit> consumers = Map.of();

    @BeforeAll
    static void resolve() throws IOException, InterruptedException {
        Path module = Path.of(System.getProperty("basedir", ".")).toAbsolutePath();
        ConsumerProjects projects = new ConsumerProjects(
                module.getParent(), module.resolve("target").resolve("consumer"), property("pgha.version"));
        List<String> options = new ArrayList<>(List.of("-Dmaven.repo.local=" + property("pgha.maven.repository")));
        if (property("pgha.maven.network").equals("offline=true")) {
            options.add("--offline");
        }
        options.add("org.apache.maven.plugins:maven-dependency-plugin:" + property("pgha.maven.dependency-plugin")
                + ":build-classpath");
        consumers = projects.resolve(options);
    }

    static Stream<String> consumers() {
        return Stream.concat(ConsumerProjects.LIBRARIES.stream(), Stream.of(ConsumerProjects.EVERYTHING));
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
    @MethodSource("consumers")
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
