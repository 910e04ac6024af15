package io.pgha.examples.lab;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lets one process at a time command the lab. The kernel takes the lock back when the process dies. It is the machine's, not a
 * state directory's, because bridge and addresses are. A second file says who has the lock and where that lab's files are: a
 * process that closes the locked file, even after reading it only, loses its lock.
 */
final class LabLock implements AutoCloseable {
    private static final Path FILE = Path.of("/run/pgha-lab.lock");
    private static final Path HOLDER = Path.of("/run/pgha-lab.holder");
    private static final Pattern CONTENT = Pattern.compile("(\\d+) (\\S+)\\s*");
    /** The kernel's lock does not keep two labs of one process apart. */
    private static final AtomicBoolean HELD_HERE = new AtomicBoolean();

    private final FileChannel channel;

    private LabLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the lock or says at once who has it. */
    static LabLock take() {
        if (!HELD_HERE.compareAndSet(false, true)) {
            throw busy();
        }
        boolean taken = false;
        try {
            FileChannel channel = FileChannel.open(FILE, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            taken = lock(channel);
            if (!taken) {
                throw busy();
            }
            return new LabLock(channel);
        } catch (IOException e) {
            throw Machine.failed("locking " + FILE, e);
        } finally {
            if (!taken) {
                HELD_HERE.set(false);
            }
        }
    }

    private static boolean lock(FileChannel channel) throws IOException {
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
        }
        return lock != null;
    }

    private static LabException busy() {
        String holder = lastHolder().map(h -> "process " + h.pid()).orElse("an unknown process");
        return new LabException(
                "lab.busy",
                "another lab is in use on this machine: " + holder + " holds it",
                "wait until that process closes its lab, or end that process");
    }

    /** Writes down who has the lock now, and where the lab is. */
    void sign(Path stateDirectory) {
        Machine.replace(HOLDER, ProcessHandle.current().pid() + " " + stateDirectory + "\n");
    }

    /** Forgets who had the lock, when the lab is gone. */
    void erase() {
        try {
            Files.deleteIfExists(HOLDER);
        } catch (IOException e) {
            throw Machine.failed("deleting " + HOLDER, e);
        }
    }

    /** Returns who signed last: the holder where the lock is held. */
    static Optional<Holder> lastHolder() {
        if (!Files.exists(HOLDER)) {
            return Optional.empty();
        }
        Matcher matcher = CONTENT.matcher(Machine.read(HOLDER));
        return matcher.matches()
                ? Optional.of(new Holder(Long.parseLong(matcher.group(1)), Path.of(matcher.group(2))))
                : Optional.empty();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw Machine.failed("unlocking " + FILE, e);
        } finally {
            HELD_HERE.set(false);
        }
    }

    /** Names a process and the directory of its lab. */
    record Holder(long pid, Path stateDirectory) {}
}
