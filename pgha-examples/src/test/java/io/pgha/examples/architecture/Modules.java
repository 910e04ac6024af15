package io.pgha.examples.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The production code of the library's modules, as sources and as compiled classes. Which module a class belongs to is
 * read from the folder it was compiled to, not guessed from its package.
 */
final class Modules {

    static final String CORE = "pgha-core";

    /** The modules others depend on; pgha-examples only runs, so it may do what they may not. */
    static final List<String> LIBRARIES = List.of(CORE, "pgha-ssh", "pgha-certs", "pgha-etcd", "pgha-patroni");

    private static final Modules INSTANCE = new Modules();

    private final Path root = Path.of(System.getProperty("basedir", "."))
            .toAbsolutePath()
            .normalize()
            .getParent();
    private final Map<String, String> moduleOfClass = new HashMap<>();
    private final JavaClasses classes;

    private Modules() {
        List<Path> folders = LIBRARIES.stream()
                .map(this::classFolder)
                .filter(Files::isDirectory)
                .toList();
        classes = new ClassFileImporter().importPaths(folders);
        for (JavaClass each : classes) {
            Path file = each.getSource()
                    .map(source -> Path.of(source.getUri()))
                    .orElseThrow(() -> new IllegalStateException("No class file for " + each.getName()));
            LIBRARIES.stream()
                    .filter(module -> file.startsWith(classFolder(module)))
                    .forEach(module -> moduleOfClass.put(each.getName(), module));
        }
    }

    static Modules load() {
        return INSTANCE;
    }

    JavaClasses classes() {
        return classes;
    }

    /** Returns the module that a class belongs to, or empty where the class is not ours. */
    Optional<String> moduleOf(JavaClass javaClass) {
        return Optional.ofNullable(
                moduleOfClass.get(javaClass.getBaseComponentType().getName()));
    }

    JavaClasses classesOf(String module) {
        return classes.that(com.tngtech.archunit.base.DescribedPredicate.describe(
                "in " + module,
                javaClass -> moduleOf(javaClass).filter(module::equals).isPresent()));
    }

    /** Returns the folders of a module that hold Java sources: one for each package. */
    List<Path> sourceFolders(String module) {
        Path sources = sourceRoot(module);
        if (!Files.isDirectory(sources)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(sources)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(Path::getParent)
                    .distinct()
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path sourceRoot(String module) {
        return root.resolve(module).resolve("src/main/java");
    }

    /** Returns where the annotation processors of a module write. */
    Path generatedRoot(String module) {
        return root.resolve(module).resolve("target/generated-sources/annotations");
    }

    private Path classFolder(String module) {
        return root.resolve(module).resolve("target/classes");
    }
}
