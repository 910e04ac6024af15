package io.pgha.examples.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * What users type most are the setters of builders, which Immutables writes. Javadoc shows them, with their text, where
 * the class that they are inherited from is not public; of a public one it would list bare names.
 */
class BuilderDocsTest {
    static final List<String> MODULES = Modules.LIBRARIES;

    @ParameterizedTest
    @FieldSource("MODULES")
    void everySetterHasItsText(String module) throws IOException {
        Path generated = Modules.load().generatedRoot(module);
        List<JavaFileObject> sources = new ArrayList<>();
        try (Stream<Path> files = Files.walk(generated)) {
            for (Path file : files.filter(each -> each.getFileName().toString().matches("Immutable.*\\.java"))
                    .toList()) {
                sources.add(source(Files.readString(file)));
            }
        }
        assertThat(sources).isNotEmpty();
        assertThat(undocumented(sources)).isEmpty();
    }

    @Test
    void aSetterThatJavadocCannotShowIsFound() throws IOException {
        assertThat(undocumented(List.of(
                        source(
                                "class ImmutableA { public static class Builder { /** Sets a. */ public void a() {} } }"),
                        source("class ImmutableB { static class Builder { public void b() {} } }"),
                        source("class ImmutableC { static class Builder { /** Sets c. */ public void c() {} } }"))))
                .containsExactly("ImmutableA.Builder is public", "ImmutableB.Builder.b has no text");
    }

    private static List<String> undocumented(List<JavaFileObject> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavacTask task = (JavacTask) compiler.getTask(null, null, null, List.of("-proc:none"), null, sources);
        DocTrees docs = DocTrees.instance(task);
        List<String> found = new ArrayList<>();
        TreePathScanner<Void, String> scanner = new TreePathScanner<>() {
            @Override
            public Void visitClass(ClassTree type, String outer) {
                String name = outer.isEmpty() ? type.getSimpleName().toString() : outer + "." + type.getSimpleName();
                if (name.endsWith(".Builder") && type.getModifiers().getFlags().contains(Modifier.PUBLIC)) {
                    found.add(name + " is public");
                }
                return super.visitClass(type, name);
            }

            @Override
            public Void visitMethod(MethodTree method, String type) {
                if (type.endsWith(".Builder")
                        && method.getModifiers().getFlags().contains(Modifier.PUBLIC)
                        && docs.getDocComment(getCurrentPath()) == null) {
                    found.add(type + "." + method.getName() + " has no text");
                }
                return super.visitMethod(method, type);
            }
        };
        task.parse().forEach(unit -> scanner.scan(unit, ""));
        return found;
    }

    private static JavaFileObject source(String text) {
        return new SimpleJavaFileObject(URI.create("string:///A.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }
}
