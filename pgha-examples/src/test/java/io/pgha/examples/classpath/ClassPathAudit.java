package io.pgha.examples.classpath;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** Finds what makes a class path fail at run time, in jars that lie in Maven's layout. Reads the jars; immutable. */
record ClassPathAudit(List<Path> jars) {

    /**
     * Libraries whose parts only work together when all have one version, by their groups. Jackson 3 is another library
     * than Jackson 2: its packages have other names, and both may be there.
     */
    private static final List<String> FAMILIES =
            List.of("org/bouncycastle", "io/netty", "io/grpc", "com/fasterxml/jackson", "tools/jackson");

    /** Numbered on its own, by design: the OpenSSL binding of Netty. */
    private static final String OWN_NUMBERS = "netty-tcnative";

    private static final List<String> LOG_BACK_ENDS = List.of(
            "META-INF/services/org.slf4j.spi.SLF4JServiceProvider",
            "org/slf4j/impl/StaticLoggerBinder.class",
            "org/apache/commons/logging/impl/LogFactoryImpl.class");

    ClassPathAudit {
        jars = List.copyOf(jars);
    }

    /** Returns the families with more than one version, each version with its jars. */
    SortedMap<String, SortedMap<String, List<String>>> mixedFamilies() {
        SortedMap<String, SortedMap<String, List<String>>> families = new TreeMap<>();
        for (Path jar : jars) {
            String artifact = artifact(jar);
            for (String family : FAMILIES) {
                if (jar.toString().contains('/' + family + '/') && !artifact.startsWith(OWN_NUMBERS)) {
                    families.computeIfAbsent(family, f -> new TreeMap<>())
                            .computeIfAbsent(comparableVersion(family, jar), v -> new ArrayList<>())
                            .add(artifact + ':' + version(jar));
                }
            }
        }
        families.values().removeIf(versions -> versions.size() == 1);
        return families;
    }

    /** Returns the classes that more than one jar has, each with the names of its jars. */
    SortedMap<String, List<String>> duplicateClasses() throws IOException {
        SortedMap<String, List<String>> owners = new TreeMap<>();
        for (Path jar : jars) {
            for (String entry : entries(jar)) {
                if (entry.endsWith(".class") && !entry.startsWith("META-INF/") && !entry.equals("module-info.class")) {
                    owners.computeIfAbsent(entry, e -> new ArrayList<>())
                            .add(jar.getFileName().toString());
                }
            }
        }
        owners.values().removeIf(names -> names.size() == 1);
        return owners;
    }

    /** Returns the jars that decide where log lines go, which only an application may. */
    SortedSet<String> logBackEnds() throws IOException {
        SortedSet<String> found = new TreeSet<>();
        for (Path jar : jars) {
            List<String> entries = entries(jar);
            if (LOG_BACK_ENDS.stream().anyMatch(entries::contains)) {
                found.add(jar.getFileName().toString());
            }
        }
        return found;
    }

    /** Returns the value of {@code Automatic-Module-Name} of each jar that pgha made. */
    Map<String, String> moduleNames() throws IOException {
        Map<String, String> names = new TreeMap<>();
        for (Path jar : jars) {
            if (artifact(jar).startsWith("pgha-")) {
                try (JarFile file = new JarFile(jar.toFile())) {
                    String name = file.getManifest().getMainAttributes().getValue("Automatic-Module-Name");
                    names.put(artifact(jar), String.valueOf(name));
                }
            }
        }
        return names;
    }

    /** Since 2.20 jackson-annotations has no patch number, so Jackson's parts agree when major and minor do. */
    private static String comparableVersion(String family, Path jar) {
        String version = version(jar);
        if (!family.endsWith("jackson")) {
            return version;
        }
        int minor = version.indexOf('.') + 1;
        int patch = version.indexOf('.', minor);
        return patch < 0 ? version : version.substring(0, patch);
    }

    private static String artifact(Path jar) {
        return jar.getParent().getParent().getFileName().toString();
    }

    private static String version(Path jar) {
        return jar.getParent().getFileName().toString();
    }

    private static List<String> entries(Path jar) throws IOException {
        List<String> names = new ArrayList<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            for (Enumeration<JarEntry> entries = file.entries(); entries.hasMoreElements(); ) {
                names.add(entries.nextElement().getName());
            }
        }
        return names;
    }
}
