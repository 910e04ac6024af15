package io.pgha.examples.classpath;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassPathAuditTest {

    @TempDir
    Path repository;

    @Test
    void findsTwoVersionsOfOneFamily() throws IOException {
        ClassPathAudit audit =
                audit(jar("org/bouncycastle/bcprov-jdk18on", "1.80"), jar("org/bouncycastle/bcpkix-jdk18on", "1.87"));

        assertThat(audit.mixedFamilies()).containsOnlyKeys("org/bouncycastle");
        assertThat(audit.mixedFamilies().get("org/bouncycastle")).containsOnlyKeys("1.80", "1.87");
    }

    @Test
    void findsTwoVersionsOfNettyAndJackson() throws IOException {
        ClassPathAudit audit = audit(
                jar("io/netty/netty-common", "4.2.15.Final"),
                jar("io/netty/netty-codec-http2", "4.1.100.Final"),
                jar("com/fasterxml/jackson/core/jackson-core", "2.22.3"),
                jar("com/fasterxml/jackson/core/jackson-databind", "2.19.1"));

        assertThat(audit.mixedFamilies()).containsOnlyKeys("io/netty", "com/fasterxml/jackson");
    }

    @Test
    void acceptsPartsThatAreNumberedOnTheirOwn() throws IOException {
        ClassPathAudit audit = audit(
                jar("io/netty/netty-common", "4.2.15.Final"),
                jar("io/netty/netty-tcnative-classes", "2.0.74.Final"),
                jar("com/fasterxml/jackson/core/jackson-databind", "2.22.3"),
                jar("com/fasterxml/jackson/core/jackson-annotations", "2.22"),
                jar("tools/jackson/core/jackson-core", "3.1.4"));

        assertThat(audit.mixedFamilies()).isEmpty();
    }

    @Test
    void findsOneClassInTwoJars() throws IOException {
        ClassPathAudit audit = audit(jar("one", "1", "a/A.class", "a/B.class"), jar("two", "1", "a/A.class"));

        assertThat(audit.duplicateClasses()).containsOnlyKeys("a/A.class");
        assertThat(audit.duplicateClasses().get("a/A.class")).containsExactly("one-1.jar", "two-1.jar");
    }

    @Test
    void ignoresWhatEveryJarMayHave() throws IOException {
        String versioned = "META-INF/versions/9/module-info.class";
        ClassPathAudit audit = audit(
                jar("one", "1", "module-info.class", versioned, "LICENSE"),
                jar("two", "1", "module-info.class", versioned, "LICENSE"));

        assertThat(audit.duplicateClasses()).isEmpty();
    }

    @Test
    void findsLogBackEnds() throws IOException {
        ClassPathAudit audit = audit(
                jar("new", "1", "META-INF/services/org.slf4j.spi.SLF4JServiceProvider"),
                jar("old", "1", "org/slf4j/impl/StaticLoggerBinder.class"),
                jar("api", "1", "org/slf4j/Logger.class"));

        assertThat(audit.logBackEnds()).containsExactly("new-1.jar", "old-1.jar");
    }

    private static ClassPathAudit audit(Path... jars) {
        return new ClassPathAudit(List.of(jars));
    }

    private Path jar(String path, String version, String... entries) throws IOException {
        Path versions = repository.resolve(path);
        Path jar = versions.resolve(version).resolve(versions.getFileName() + "-" + version + ".jar");
        Files.createDirectories(jar.getParent());
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            out.putNextEntry(new JarEntry("META-INF/"));
            for (String entry : entries) {
                out.putNextEntry(new JarEntry(entry));
            }
        }
        return jar;
    }
}
