package io.pgha.examples.cluster;

import io.pgha.examples.lab.Release;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** Is the directory in which an operator keeps the authority and the secrets of one cluster. */
record OperatorState(Path directory) {

    /** Makes an empty one for the cluster on hosts of a release. */
    static OperatorState create(Release release) {
        return in(Path.of("target", release.codename()).toAbsolutePath());
    }

    private static OperatorState in(Path parent) {
        try {
            return new OperatorState(Files.createTempDirectory(Files.createDirectories(parent), "lab-cluster"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies all of it, with the modes that its stores insist on. */
    OperatorState copy() {
        OperatorState copy = in(directory.getParent());
        try (Stream<Path> walk = Files.walk(directory)) {
            List<Path> files = walk.skip(1).toList();
            for (Path file : files) {
                Files.copy(
                        file, copy.directory.resolve(directory.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return copy;
    }
}
