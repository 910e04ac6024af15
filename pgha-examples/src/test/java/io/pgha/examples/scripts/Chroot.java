package io.pgha.examples.scripts;

import io.pgha.host.Command;
import io.pgha.host.CommandResult;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A root file system of its own with this machine's programs, in which scripts run as root, with no network, and no
 * processes but their own. What manages a machine ({@code systemctl}, {@code apt-get}) and the daemons are stood in for
 * by the scripts in {@code stand-ins}, which keep what they are told in files. Thread-safe; one script runs at a time.
 */
final class Chroot {
    private static final List<String> DIRECTORIES = List.of(
            "dev", "etc/alternatives", "etc/pam.d", "proc", "root", "run", "stand-ins", "tmp", "usr", "var/lib");

    /**
     * The kernel's settings are the machine's, so that {@code /proc} can only be read. {@code /run} is empty each time,
     * also of locks.
     */
    private static final String ENTER = """
            set -e
            root=$1/root
            mount --make-rprivate /
            mount --bind "$root" "$root"
            mount -t overlay -o "lowerdir=/usr,upperdir=$1/usr,workdir=$1/work" overlay "$root/usr"
            mount --bind -o ro /etc/alternatives "$root/etc/alternatives"
            for one in null zero random urandom; do : >"$root/dev/$one"; mount --bind "/dev/$one" "$root/dev/$one"; done
            mount -t proc -o ro proc "$root/proc"
            mount -t tmpfs tmpfs "$root/run"
            exec chroot "$root" /usr/bin/env -i HOME=/root LANG=C.UTF-8 PATH=/stand-ins:/usr/sbin:/usr/bin sh -c "$2"
            """;

    private final Path directory;

    private Chroot(Path directory) {
        this.directory = directory;
    }

    /** Makes a bare machine in a directory that holds nothing else. */
    static Chroot in(Path directory) throws IOException {
        Path root = directory.resolve("root");
        for (String name : DIRECTORIES) {
            Files.createDirectories(root.resolve(name));
        }
        Files.createDirectories(directory.resolve("usr"));
        Files.createDirectories(directory.resolve("work"));
        for (String name : List.of("bin", "sbin", "lib", "lib64")) {
            Files.createSymbolicLink(root.resolve(name), Path.of("usr", name));
        }
        Files.writeString(root.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
        Files.writeString(root.resolve("etc/group"), "root:x:0:\n");
        Files.writeString(
                root.resolve("etc/pam.d/runuser"),
                "auth required pam_permit.so\naccount required pam_permit.so\nsession required pam_permit.so\n");
        try (Stream<Path> standIns = Files.list(standIns())) {
            for (Path standIn : standIns.toList()) {
                Path program = root.resolve("stand-ins").resolve(standIn.getFileName());
                Files.copy(standIn, program);
                Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
        return new Chroot(directory);
    }

    private static Path standIns() {
        try {
            return Path.of(Objects.requireNonNull(Chroot.class.getResource("stand-ins"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs a script to its end, or to that of this process. */
    synchronized CommandResult run(Command command) throws InterruptedException {
        Path output = directory.resolve("output");
        Path errors = directory.resolve("errors");
        try {
            Process process = new ProcessBuilder(
                            "setpriv",
                            "--pdeathsig=KILL",
                            "unshare",
                            "--mount",
                            "--pid",
                            "--fork",
                            "--kill-child",
                            "--uts",
                            "--ipc",
                            "--net",
                            "sh",
                            "-c",
                            ENTER,
                            "sh",
                            directory.toString(),
                            command.script())
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .start();
            try {
                try (OutputStream in = process.getOutputStream()) {
                    in.write(command.stdin());
                } catch (IOException unread) {
                    // A script that ends without reading it tells by its status whether that is right.
                }
                return new CommandResult(process.waitFor(), Files.readString(output), Files.readString(errors));
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
