package io.pgha.examples.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lets one process at a time command the lab of a number. It is the machine's, not a state directory's, because bridge
 * and addresses are. A second file says who has the lock and where that lab's files are.
 */
final class LabLock implements AutoCloseable {
    private static final Pattern CONTENT = Pattern.compile("(\\d+) (\\S+)\\s*");

    private final Names names;
    private final KernelLock lock;

    private LabLock(Names names, KernelLock lock) {
        this.names = names;
        this.lock = lock;
    }

    /** Takes the lock or says at once who has it. */
    static LabLock take(Names names) {
        return new LabLock(names, KernelLock.tryTake(names.lock()).orElseThrow(() -> busy(names)));
    }

    private static LabException busy(Names names) {
        String holder = lastHolder(names).map(h -> "process " + h.pid()).orElse("an unknown process");
        return new LabException(
                "lab.busy",
                "lab " + names.number() + " of this machine is in use: " + holder + " holds it",
                "wait until that process closes its lab, or end that process, or start a lab of another number");
    }

    /** Writes down who has the lock now, and where the lab is. */
    void sign(Path stateDirectory) {
        Machine.replace(names.holder(), ProcessHandle.current().pid() + " " + stateDirectory + "\n");
    }

    /** Forgets who had the lock, when the lab is gone. */
    void erase() {
        try {
            Files.deleteIfExists(names.holder());
        } catch (IOException e) {
            throw Machine.failed("deleting " + names.holder(), e);
        }
    }

    /** Returns who signed last: the holder where the lock is held. */
    static Optional<Holder> lastHolder(Names names) {
        if (!Files.exists(names.holder())) {
            return Optional.empty();
        }
        Matcher matcher = CONTENT.matcher(Machine.read(names.holder()));
        return matcher.matches()
                ? Optional.of(new Holder(Long.parseLong(matcher.group(1)), Path.of(matcher.group(2))))
                : Optional.empty();
    }

    @Override
    public void close() {
        lock.close();
    }

    /** Names a process and the directory of its lab. */
    record Holder(long pid, Path stateDirectory) {}
}
