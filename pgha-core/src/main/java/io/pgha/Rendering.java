package io.pgha;

import io.pgha.model.Node;
import io.pgha.resource.FileResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The files of a cluster as they would be on its hosts. Immutable and thread-safe. */
public final class Rendering {
    private final Map<Node, List<FileResource>> files;

    Rendering(Map<Node, List<FileResource>> files) {
        this.files = Map.copyOf(files);
    }

    /**
     * Returns the files of a node.
     *
     * @param node the node
     * @return the files, in the order in which they would be written
     */
    public List<FileResource> files(Node node) {
        Given.value(node, "node");
        return List.copyOf(files.getOrDefault(node, List.of()));
    }

    /**
     * Writes all files below a directory, as {@code NODE/PATH}. Files with secrets in them are readable by their owner
     * only.
     *
     * @param directory where to; made where it does not exist
     * @throws PgHaException when a file cannot be written (code {@code render.io})
     */
    public void writeTo(Path directory) {
        Given.value(directory, "directory");
        files.forEach((node, list) -> list.forEach(
                file -> write(directory.resolve(node.name()).resolve(file.path().substring(1)), file)));
    }

    private static void write(Path target, FileResource file) {
        boolean hidden = file.visibility() != FileResource.Visibility.SHOWN;
        try {
            Files.createDirectories(target.getParent());
            Files.deleteIfExists(target);
            Files.createFile(
                    target,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(hidden ? "rw-------" : "rw-r--r--")));
            Files.writeString(target, file.content());
        } catch (IOException e) {
            throw new PgHaException(
                    Problem.of(
                            "render.io",
                            target + " cannot be written: " + e,
                            "Choose a directory that can be written to."),
                    e);
        }
    }

    @Override
    public String toString() {
        return files.entrySet().stream()
                .flatMap(entry ->
                        entry.getValue().stream().map(file -> entry.getKey().name() + ":" + file.path()))
                .sorted()
                .collect(Collectors.joining("\n"));
    }
}
