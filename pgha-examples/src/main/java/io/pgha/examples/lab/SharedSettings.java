package io.pgha.examples.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Gives the machine the settings that all of its labs share, and takes them back behind the last one. The first lab
 * writes down what the machine was like. A lab is there as long as its bridge is: the kernel knows that, whatever
 * became of processes and files.
 */
final class SharedSettings {
    private static final Path LOCK = Path.of("/run/pgha-labs.lock");
    private static final Path BEFORE = Path.of("/run/pgha-labs.before");

    private SharedSettings() {}

    /** Makes the settings, and a lab's bridge, which keeps them. */
    static void join(Network network) throws InterruptedException {
        KernelLock.hold(LOCK, () -> {
            if (recorded().isEmpty()) {
                Machine.replace(BEFORE, MachineBefore.read().text());
            }
            Sysctls.raise();
            network.up();
        });
    }

    /** Removes a lab's network, whatever is there of it, and the settings where no lab is left that needs them. */
    static void leave(NetworkTraces network) throws InterruptedException {
        KernelLock.hold(LOCK, () -> {
            network.remove();
            if (NetworkTraces.bridges().isEmpty()) {
                restore();
            }
        });
    }

    private static void restore() throws InterruptedException {
        Optional<MachineBefore> before = recorded();
        if (before.isPresent()) {
            before.get().restore();
        }
        // What could not be undone stays written down for the next attempt.
        try {
            Files.deleteIfExists(BEFORE);
        } catch (IOException e) {
            throw Machine.failed("deleting " + BEFORE, e);
        }
    }

    private static Optional<MachineBefore> recorded() {
        return Files.exists(BEFORE) ? MachineBefore.parse(Machine.read(BEFORE)) : Optional.empty();
    }
}
