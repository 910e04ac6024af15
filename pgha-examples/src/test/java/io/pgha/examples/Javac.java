package io.pgha.examples;

import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles texts as a user of the library would, and keeps no class files. */
final class Javac {
    /** Each text is looked at to its end, whatever is wrong with another one. */
    private static final List<String> OPTIONS = List.of(
            "-proc:none",
            "--release",
            "17",
            "-Xlint:all,-path",
            "-Xmaxerrs",
            "10000",
            "-Xmaxwarns",
            "10000",
            "-XDshould-stop.ifError=FLOW");

    private Javac() {}

    /** Returns what the compiler has against each class, for those that it has something against. */
    static Map<String, List<String>> complaints(Map<String, String> sourceByClass) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        List<JavaFileObject> sources = new ArrayList<>();
        sourceByClass.forEach((name, text) -> sources.add(source(name, text)));
        List<String> options = new ArrayList<>(OPTIONS);
        options.addAll(List.of("-cp", System.getProperty("java.class.path")));
        try {
            ((JavacTask) compiler.getTask(null, null, found, options, null, sources)).analyze();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, List<String>> complaints = new TreeMap<>();
        for (Diagnostic<? extends JavaFileObject> each : found.getDiagnostics()) {
            JavaFileObject source = each.getSource();
            complaints
                    .computeIfAbsent(source == null ? "javac" : source.getName(), name -> new ArrayList<>())
                    .add(each.getLineNumber() + ": " + each.getMessage(Locale.ROOT));
        }
        return complaints;
    }

    private static JavaFileObject source(String name, String text) {
        return new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }

            @Override
            public String getName() {
                return name;
            }
        };
    }
}
