package io.pgha.examples.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Is the disk of one host: an overlay mount that keeps what the host writes in a directory of its own, above layers
 * that nobody writes to. What those are is on record beside it, for a process that takes command of a lab that was
 * kept. Immutable.
 */
final class HostDisk {
    private final String name;
    private final Names names;
    private final LabPaths.HostPaths paths;

    HostDisk(String name, Names names, LabPaths.HostPaths paths) {
        this.name = name;
        this.names = names;
        this.paths = paths;
    }

    /** Mounts a new disk on layers, the upper first. */
    void mount(List<Path> layers) throws InterruptedException {
        Machine.directory(paths.directory(), "rwx------");
        Machine.directory(paths.root(), "rwxr-xr-x");
        // The host's / has the upper directory's mode: it must not depend on this process's umask.
        Machine.directory(paths.upper(), "rwxr-xr-x");
        Machine.directory(paths.work(), "rwx------");
        Machine.replace(paths.layers(), lines(layers));
        String lower = layers.stream().map(Path::toString).collect(Collectors.joining(":"));
        String options = "lowerdir=" + lower + ",upperdir=" + paths.upper() + ",workdir=" + paths.work();
        Shell.command(
                        "mount",
                        "-t",
                        "overlay",
                        names.prefix(),
                        "-o",
                        options,
                        paths.root().toString())
                .check();
    }

    private static String lines(List<Path> layers) {
        return layers.stream().map(layer -> layer + "\n").collect(Collectors.joining());
    }

    /**
     * Moves what the host has written into a directory, where it becomes a layer that nobody writes to, and takes the
     * disk away.
     *
     * @return the layers of a disk that goes on from here, the upper first
     */
    List<Path> freeze(Path frozen, Path discarded) throws InterruptedException {
        List<Path> layers = new ArrayList<>(List.of(frozen.resolve(name)));
        Machine.read(paths.layers()).lines().map(Path::of).forEach(layers::add);
        Mounts.unmountBelow(paths.directory());
        try {
            Files.move(paths.upper(), layers.get(0), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw Machine.failed("freezing the disk of " + name, e);
        }
        discard(discarded);
        return List.copyOf(layers);
    }

    /** Takes the disk away, for {@link Machine#delete} to delete it at leisure. */
    void discard(Path discarded) throws InterruptedException {
        Mounts.unmountBelow(paths.directory());
        Machine.directory(discarded, "rwx------");
        try {
            if (Files.exists(paths.directory())) {
                Files.move(paths.directory(), discarded.resolve(name + "-" + UUID.randomUUID()));
            }
        } catch (IOException e) {
            throw Machine.failed("discarding the disk of " + name, e);
        }
    }
}
