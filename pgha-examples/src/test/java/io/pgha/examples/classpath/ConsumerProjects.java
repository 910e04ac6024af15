package io.pgha.examples.classpath;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Asks Maven for the class path of projects that depend on pgha the way strangers do: without its parent POM, with
 * nothing but what the published POMs say.
 *
 * <p>The modules are not installed anywhere. They are laid out as a local repository of their own, under a version that
 * exists nowhere else, and Maven is told to look there after its usual one; so nothing is left behind in that, and
 * nothing stale in it can be taken for the real thing. Needs the jars of all modules, as they are after
 * {@code package}.
 */
final class ConsumerProjects {

    /** The modules a consumer can depend on. */
    static final List<String> LIBRARIES = List.of("pgha-core", "pgha-ssh", "pgha-certs", "pgha-etcd", "pgha-patroni");

    /** The project that depends on all of them, through the BOM. */
    static final String EVERYTHING = "everything";

    /** The applications of Spring Boot that depend on all of them and have Netty of their own, with Boot's version. */
    static final SortedMap<String, String> APPLICATIONS =
            new TreeMap<>(Map.of("spring-boot-3.5", "3.5.7", "spring-boot-4.0", "4.0.7"));

    private static final String VERSION = "0-consumer-test";
    private static final long DEADLINE_MINUTES = 10;
    private static final String PROPERTIES =
            "<properties><mdep.outputFile>${project.basedir}/class.path</mdep.outputFile>"
                    + "<mdep.includeScope>runtime</mdep.includeScope></properties>";

    private final Path root;
    private final Path work;
    private final String builtVersion;

    ConsumerProjects(Path root, Path work, String builtVersion) {
        this.root = root;
        this.work = work;
        this.builtVersion = builtVersion;
    }

    /**
     * Returns the class path of each consumer, by its name: one for each library alone, {@link #EVERYTHING}, and
     * {@link #APPLICATIONS}, which are packaged, too.
     */
    Map<String, ClassPathAudit> resolve(List<String> mavenOptions) throws IOException, InterruptedException {
        deleteRecursively(work);
        publish();
        Map<String, ClassPathAudit> classPaths = new LinkedHashMap<>();
        List<String> consumers = new ArrayList<>(LIBRARIES);
        consumers.add(EVERYTHING);
        consumers.addAll(APPLICATIONS.keySet());
        write(work.resolve("pom.xml"), aggregator(consumers));
        for (String library : LIBRARIES) {
            write(work.resolve(library).resolve("pom.xml"), consumer(library, "", dependency(library, VERSION)));
        }
        StringBuilder all = new StringBuilder();
        LIBRARIES.forEach(library -> all.append(dependency(library, "")));
        write(work.resolve(EVERYTHING).resolve("pom.xml"), consumer(EVERYTHING, bomImport(), all.toString()));
        for (Map.Entry<String, String> each : APPLICATIONS.entrySet()) {
            Path home = work.resolve(each.getKey());
            write(home.resolve("pom.xml"), application(each.getKey(), each.getValue(), all.toString()));
            write(home.resolve("src/main/java/org/example/Application.java"), Files.readString(source()));
        }
        runMaven(mavenOptions);
        for (String consumer : consumers) {
            String classPath = Files.readString(work.resolve(consumer).resolve("class.path"));
            classPaths.put(
                    consumer,
                    new ClassPathAudit(Stream.of(classPath.strip().split(File.pathSeparator, -1))
                            .map(Path::of)
                            .toList()));
        }
        return classPaths;
    }

    /** Returns the jar of an application, with everything in it. */
    Path jar(String application) {
        return work.resolve(application).resolve("target").resolve(artifact(application) + "-1.jar");
    }

    private Path source() {
        return root.resolve("pgha-examples/src/test/consumer/Application.java");
    }

    private void publish() throws IOException {
        publishPom("pgha-parent", root.resolve("pom.xml"));
        publishPom("pgha-bom", root.resolve("bom.xml"));
        for (String library : LIBRARIES) {
            Path module = root.resolve(library);
            publishPom(library, module.resolve("pom.xml"));
            Path jar = module.resolve("target").resolve(library + '-' + builtVersion + ".jar");
            if (!Files.isRegularFile(jar)) {
                throw new IllegalStateException(
                        "No " + jar + " to hand to a consumer. To fix: build all modules, with ./mvnw verify");
            }
            Files.copy(jar, published(library, ".jar"));
        }
    }

    private void publishPom(String artifact, Path pom) throws IOException {
        String text = Files.readString(pom);
        String own = "<version>" + builtVersion + "</version>";
        if (!text.contains(own)) {
            throw new IllegalStateException(pom + " does not say " + own);
        }
        write(published(artifact, ".pom"), text.replace(own, "<version>" + VERSION + "</version>"));
    }

    private Path published(String artifact, String suffix) {
        return repository()
                .resolve("io/pgha")
                .resolve(artifact)
                .resolve(VERSION)
                .resolve(artifact + '-' + VERSION + suffix);
    }

    private Path repository() {
        return work.resolve("repository");
    }

    private void runMaven(List<String> options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(root.resolve("mvnw").toString());
        command.add("--quiet");
        command.add("-Dmaven.repo.local.tail=" + repository());
        command.addAll(options);
        Path log = work.resolve("maven.log");
        Process maven = new ProcessBuilder(command)
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            maven.getOutputStream().close();
            if (!maven.waitFor(DEADLINE_MINUTES, TimeUnit.MINUTES)) {
                throw new IllegalStateException(
                        "Maven did not end in " + DEADLINE_MINUTES + " minutes:\n" + Files.readString(log));
            }
            if (maven.exitValue() != 0) {
                throw new IllegalStateException("Maven could not resolve the consumers:\n" + Files.readString(log));
            }
        } finally {
            maven.destroy();
        }
    }

    private static String aggregator(List<String> consumers) {
        StringBuilder modules = new StringBuilder();
        consumers.forEach(name -> modules.append("<module>").append(name).append("</module>"));
        return project("aggregator", "<packaging>pom</packaging><modules>" + modules + "</modules>");
    }

    private static String consumer(String name, String management, String dependencies) {
        return project(
                artifact(name),
                "<packaging>pom</packaging>"
                        + PROPERTIES
                        + management
                        + "<dependencies>"
                        + dependencies
                        + "</dependencies>");
    }

    private static String application(String name, String boot, String dependencies) {
        return project(
                artifact(name),
                "<parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId>"
                        + "<version>"
                        + boot
                        + "</version><relativePath/></parent>"
                        + PROPERTIES
                        + bomImport()
                        + "<dependencies><dependency><groupId>org.springframework.boot</groupId>"
                        + "<artifactId>spring-boot-starter-webflux</artifactId></dependency>"
                        + dependencies
                        + "</dependencies><build><plugins><plugin><groupId>org.springframework.boot</groupId>"
                        + "<artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build>");
    }

    private static String artifact(String consumer) {
        return "consumer-of-" + consumer;
    }

    private static String bomImport() {
        return "<dependencyManagement><dependencies><dependency><groupId>io.pgha</groupId>"
                + "<artifactId>pgha-bom</artifactId><version>"
                + VERSION
                + "</version><type>pom</type><scope>import</scope>"
                + "</dependency></dependencies></dependencyManagement>";
    }

    private static String dependency(String library, String version) {
        String versionElement = version.isEmpty() ? "" : "<version>" + version + "</version>";
        return "<dependency><groupId>io.pgha</groupId><artifactId>" + library + "</artifactId>" + versionElement
                + "</dependency>";
    }

    private static String project(String artifact, String body) {
        return "<project xmlns=\"http://maven.apache.org/POM/4.0.0\"><modelVersion>4.0.0</modelVersion>"
                + "<groupId>org.example</groupId><artifactId>"
                + artifact
                + "</artifactId><version>1</version>"
                + body
                + "</project>\n";
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static void deleteRecursively(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, java.io.IOException failure)
                        throws IOException {
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
