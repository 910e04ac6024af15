package io.pgha.examples.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Names the disks of a lab's hosts as they were when {@link LocalLab#freeze()} had stopped them, for
 * {@link LocalLab#thaw} to go on from. They exist until the lab is taken down, and nothing changes them. Immutable.
 */
public final class FrozenHosts {
    private final Path directory;
    private final Release release;
    private final Map<String, List<Path>> layers;

    FrozenHosts(Path directory, Release release, Map<String, List<Path>> layers) {
        this.directory = directory;
        this.release = release;
        this.layers = Map.copyOf(layers);
    }

    /**
     * Returns what the hosts run.
     *
     * @return their Debian release
     */
    public Release release() {
        return release;
    }

    /** Returns the layers of a host's disk, the upper first. */
    List<Path> layers(String host) {
        return Optional.ofNullable(layers.get(host)).orElseThrow();
    }

    /** Fails where the disks are not those of the lab that is up in a state directory. */
    void requireThose(LabPaths paths) {
        if (!directory.startsWith(paths.frozen()) || !Files.isDirectory(directory)) {
            throw new LabException(
                    "lab.frozen",
                    "the frozen disks in " + directory + " are not this lab's, or went with an earlier one",
                    "thaw what freeze() of this lab has returned since it was started");
        }
    }

    @Override
    public String toString() {
        return "FrozenHosts[" + release.codename() + ", " + layers.size() + " hosts in " + directory + "]";
    }
}
