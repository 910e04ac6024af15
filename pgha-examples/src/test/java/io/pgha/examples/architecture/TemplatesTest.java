package io.pgha.examples.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * Templates are filled in one pass ({@code io.pgha.host.Script}). What one {@code String.replace} has put in, the next
 * one would read as a template.
 */
class TemplatesTest {
    @Test
    void noValueIsReadAsATemplate() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String module : Modules.LIBRARIES) {
            try (Stream<Path> all = Files.walk(Modules.load().sourceRoot(module))) {
                all.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
            }
        }
        assertThat(files).hasSizeGreaterThan(200);
        assertThat(offences(files.stream().map(TemplatesTest::source).toList())).isEmpty();
    }

    @Test
    void aChainOfReplacementsIsFound() throws IOException {
        assertThat(offences(List.of(
                        text("s.replace(\"a\", b).strip().length()"),
                        text("s.replace(\"a\", b).replace('c', 'd')"),
                        text("s.replace(a, b).strip().replaceAll(c, d)"),
                        text("\"user=NAME\".replace(\"NAME\", name)"))))
                .containsExactly(
                        "s.replace(\"a\", b).replace('c', 'd')",
                        "s.replace(a, b).strip().replaceAll(c, d)",
                        "\"user=NAME\".replace(\"NAME\", name)");
    }

    private static List<String> offences(List<JavaFileObject> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavacTask task = (JavacTask) compiler.getTask(null, null, null, List.of("-proc:none"), null, sources);
        List<String> offences = new ArrayList<>();
        TreeScanner<Void, Void> scanner = new TreeScanner<>() {
            @Override
            public Void visitMethodInvocation(MethodInvocationTree call, Void nothing) {
                if (replaces(call) && (onReplaced(call) || onLiteral(call))) {
                    offences.add(call.toString());
                }
                return super.visitMethodInvocation(call, null);
            }
        };
        task.parse().forEach(unit -> scanner.scan(unit, null));
        return offences;
    }

    private static boolean replaces(MethodInvocationTree call) {
        return call.getMethodSelect() instanceof MemberSelectTree select
                && select.getIdentifier().toString().startsWith("replace")
                && call.getArguments().size() == 2;
    }

    private static boolean onReplaced(MethodInvocationTree call) {
        return Stream.iterate(receiver(call), Optional::isPresent, next -> next.flatMap(TemplatesTest::receiver))
                .flatMap(Optional::stream)
                .anyMatch(TemplatesTest::replaces);
    }

    /** A template that is filled where it stands. */
    private static boolean onLiteral(MethodInvocationTree call) {
        return call.getMethodSelect() instanceof MemberSelectTree select
                && select.getExpression() instanceof LiteralTree;
    }

    private static Optional<MethodInvocationTree> receiver(MethodInvocationTree call) {
        ExpressionTree receiver =
                call.getMethodSelect() instanceof MemberSelectTree select ? select.getExpression() : call;
        return receiver != call && receiver instanceof MethodInvocationTree inner
                ? Optional.of(inner)
                : Optional.empty();
    }

    private static JavaFileObject source(Path file) {
        try {
            return of(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JavaFileObject text(String expression) {
        return of("class A { Object o = " + expression + "; }");
    }

    private static JavaFileObject of(String source) {
        return new SimpleJavaFileObject(URI.create("string:///A.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
    }
}
