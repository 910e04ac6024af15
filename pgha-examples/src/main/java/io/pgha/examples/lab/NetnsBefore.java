package io.pgha.examples.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Stream;

/** Says whether {@code ip netns} found its directory mounted; the first namespace of a machine mounts it. */
enum NetnsBefore {
    MOUNTED,
    ABSENT,
    DIRECTORY;

    static NetnsBefore read() {
        if (!Files.isDirectory(Network.NAMESPACES)) {
            return ABSENT;
        }
        return Mounts.below(Network.NAMESPACES).contains(Network.NAMESPACES) ? MOUNTED : DIRECTORY;
    }

    /** Undoes what the machine's first {@code ip netns add} did, unless somebody else has a namespace by now. */
    void restore() throws InterruptedException {
        if (this == MOUNTED || !Files.isDirectory(Network.NAMESPACES)) {
            return;
        }
        try (Stream<?> namespaces = Files.list(Network.NAMESPACES)) {
            if (namespaces.findAny().isPresent()) {
                return;
            }
        } catch (IOException e) {
            throw Machine.failed("reading " + Network.NAMESPACES, e);
        }
        if (Mounts.below(Network.NAMESPACES).contains(Network.NAMESPACES)) {
            // Not what is below it: if a namespace has come just now, this fails, as it should.
            Shell.command("umount", Network.NAMESPACES.toString()).check();
        }
        if (this == ABSENT) {
            Shell.command("rmdir", Network.NAMESPACES.toString()).check();
        }
    }
}
