package io.pgha.examples.lab;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;

/** Reads and writes files of the machine, with errors that say what was being done. */
final class Machine {
    private static final int BUFFER = 65536;

    private Machine() {}

    static String read(Path file) {
        try {
            return readWhole(file);
        } catch (IOException e) {
            throw failed("reading " + file, e);
        }
    }

    /**
     * Reads a file whose size need not be known: of a file in /proc/sys, the kernel gives only what the first read asks
     * for.
     */
    static String readWhole(Path file) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
                bytes.write(buffer, 0, n);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Writes into a file as it is: for files of the kernel, which cannot be replaced. */
    static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw failed("writing '" + text + "' to " + file, e);
        }
    }

    /** Replaces a file as a whole, readable by root alone, so that whoever reads it never sees half of it. */
    static void replace(Path file, String text) {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(temporary);
            Files.createFile(
                    temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(temporary, text);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw failed("writing " + file, e);
        }
    }

    /** Makes a directory and its parents; the last gets the given mode whatever the umask, like {@code rwx------}. */
    static void directory(Path directory, String mode) {
        try {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
        } catch (IOException e) {
            throw failed("making the directory " + directory, e);
        }
    }

    /** Makes a directory that root alone may enter, of a name that none has had, and its parents. */
    static Path newDirectory(Path parent) {
        try {
            return Files.createTempDirectory(Files.createDirectories(parent), "");
        } catch (IOException e) {
            throw failed("making a directory in " + parent, e);
        }
    }

    /** Deletes a directory with all in it, stopping at mount points. */
    static void delete(Path directory) throws InterruptedException {
        Shell.command("rm", "-rf", "--one-file-system", "--", directory.toString())
                .timeout(Duration.ofMinutes(5))
                .check();
    }

    static String bootId() {
        return read(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    }

    static LabException failed(String what, IOException cause) {
        return new LabException(
                "lab.machine",
                what + " failed: " + cause,
                "see whether the lab runs as root and the disk has room",
                cause);
    }
}
