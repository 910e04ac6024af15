package io.pgha.examples.lab;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Is a file that one process at a time has locked. The kernel takes the lock back when the process dies. A process that
 * closes the file, even after reading it only, loses its lock, so nothing else may be in it. May be released on any
 * thread.
 */
final class KernelLock implements AutoCloseable {
    /** The kernel's lock does not keep two threads of one process apart. */
    private static final Map<Path, Semaphore> HERE = new ConcurrentHashMap<>();

    private final Path file;
    private final FileChannel channel;

    private KernelLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Does what nobody else may do at the same time. */
    @FunctionalInterface
    interface Action {
        void run() throws InterruptedException;
    }

    /** Locks a file that is open, or finds that another process has. */
    @FunctionalInterface
    private interface Locking {
        Optional<FileLock> lock(FileChannel channel) throws IOException;
    }

    /** Takes the lock, or returns nothing at once where somebody has it. */
    static Optional<KernelLock> tryTake(Path file) {
        if (!here(file).tryAcquire()) {
            return Optional.empty();
        }
        try {
            return open(file, channel -> Optional.ofNullable(channel.tryLock()));
        } catch (IOException e) {
            throw Machine.failed("locking " + file, e);
        }
    }

    /** Waits until the lock is free, and takes it. */
    static KernelLock take(Path file) throws InterruptedException {
        here(file).acquire();
        try {
            return open(file, channel -> Optional.of(channel.lock())).orElseThrow();
        } catch (FileLockInterruptionException | ClosedByInterruptException e) {
            // Like every other wait that is interrupted.
            Thread.interrupted();
            throw (InterruptedException) new InterruptedException("while waiting for " + file).initCause(e);
        } catch (IOException e) {
            throw Machine.failed("locking " + file, e);
        }
    }

    /** Waits until the lock is free, and does something while it is held. */
    static void hold(Path file, Action action) throws InterruptedException {
        KernelLock lock = take(file);
        try {
            action.run();
        } finally {
            lock.close();
        }
    }

    private static Semaphore here(Path file) {
        return HERE.computeIfAbsent(file, any -> new Semaphore(1));
    }

    private static Optional<KernelLock> open(Path file, Locking locking) throws IOException {
        boolean taken = false;
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            taken = locking.lock(channel).isPresent();
            return taken ? Optional.of(new KernelLock(file, channel)) : Optional.empty();
        } finally {
            if (!taken) {
                if (channel != null) {
                    channel.close();
                }
                here(file).release();
            }
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw Machine.failed("unlocking " + file, e);
        } finally {
            here(file).release();
        }
    }
}
