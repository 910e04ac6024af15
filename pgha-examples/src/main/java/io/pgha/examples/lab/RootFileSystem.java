package io.pgha.examples.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the root file system that all hosts of a release share, once, and finds it again. It appears under its name
 * only when it is complete; the name changes with everything that decides what is in it.
 */
final class RootFileSystem {
    private static final Logger LOG = LoggerFactory.getLogger(RootFileSystem.class);
    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final String UNFINISHED = "unfinished-";
    private static final String LOCK = "lock";
    private static final String ROOT = "root";
    /** What makes a bare Debian a host that one can reach: an init, sshd, ip, a bus for systemctl, and sudo. */
    private static final List<String> BASE_PACKAGES =
            List.of("systemd-sysv", "openssh-server", "iproute2", "dbus", "sudo");

    /**
     * The lab's two users, and no identity: each host gets its own keys and machine id. The journal's directory would
     * else belong to a machine id that no host has. Package lists are there and read once, as on a Debian that was
     * installed: hosts that each did that for the first time would be busy for a minute.
     */
    private static final String CUSTOMIZE = """
            set -eu
            useradd --create-home --shell /bin/bash ops
            useradd --create-home --shell /bin/bash --groups sudo opspw
            umask 227
            echo 'ops ALL=(ALL:ALL) NOPASSWD: ALL' >/etc/sudoers.d/pgha-lab
            umask 022
            visudo -c -q
            rm -f /etc/ssh/ssh_host_*
            rm -rf /var/log/journal/*
            rm -f /var/lib/dbus/machine-id
            : >/etc/machine-id
            apt-cache gencaches
            """;

    private static final String KEEP_LISTS = "--skip=cleanup/apt/lists";

    private final Names names;
    private final Path cache;
    private final Release release;
    private final List<String> packages;
    private final AptSettings apt;

    RootFileSystem(LabConfig config, AptSettings apt) {
        this.names = config.names();
        this.cache = config.paths().cache();
        this.release = config.release();
        this.apt = apt;
        this.packages = Stream.concat(BASE_PACKAGES.stream(), config.packages().stream())
                .collect(Collectors.toUnmodifiableList());
    }

    /** Returns the directory's name: the release, and a digest of all that goes into it. */
    String key() {
        String all = String.join("\n", packages) + "\n" + apt.sourcesList(release) + String.join("\n", apt.options())
                + CUSTOMIZE + KEEP_LISTS;
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8));
            return release.codename() + "-" + HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Returns the root file system, making it if there is none; that takes 20 to 40 s and 320 MB. */
    Path obtain() throws InterruptedException {
        Path complete = cache.resolve(key());
        if (!Files.isDirectory(complete)) {
            Machine.directory(cache, "rwxr-xr-x");
            KernelLock.hold(cache.resolve(LOCK), () -> {
                // Another lab may have made it meanwhile.
                if (!Files.isDirectory(complete)) {
                    make(complete);
                }
            });
        }
        return complete.resolve(ROOT);
    }

    private void make(Path complete) throws InterruptedException {
        LOG.info("making the {} root file system in {}, which is done once", release.codename(), complete);
        long start = System.nanoTime();
        // The hosts' set-user-id programs lie in it: nobody else may pass.
        Path unfinished = cache.resolve(unfinished(names) + key());
        Machine.directory(unfinished, "rwx------");
        Path root = unfinished.resolve(ROOT);
        Machine.directory(root, "rwxr-xr-x");
        Path options = unfinished.resolve("apt.conf");
        Machine.replace(options, String.join("\n", apt.options()) + "\n");
        build(root, options);
        Shell.command("chroot", root.toString(), "/bin/sh", "-c", CUSTOMIZE).check();
        try {
            Files.move(unfinished, complete, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw Machine.failed("putting the root file system in place as " + complete, e);
        }
        LOG.info(
                "the {} root file system was made in {} s",
                release.codename(),
                Duration.ofNanos(System.nanoTime() - start).toSeconds());
    }

    /**
     * Begins the name of what a lab of a number has not finished; what makes it may have survived that lab's process.
     */
    private static String unfinished(Names names) {
        return UNFINISHED + names.number() + "-";
    }

    private void build(Path directory, Path options) throws InterruptedException {
        Cgroups.Cgroup cgroup = Cgroups.ofMachine().named(names.buildCgroup());
        cgroup.create();
        try {
            // In a cgroup of its own, so that it can be found and ended if this process is killed meanwhile.
            Shell.command(cgroup.enter(argv(directory, options)))
                    .input(apt.sourcesList(release))
                    .timeout(LIMIT)
                    .check();
        } finally {
            cgroup.kill(Duration.ofSeconds(10));
            cgroup.remove();
        }
    }

    List<String> argv(Path directory, Path options) {
        List<String> argv = new ArrayList<>(List.of(
                "mmdebstrap",
                "--mode=root",
                "--variant=apt",
                KEEP_LISTS,
                "--include=" + String.join(",", packages),
                "--keyring=" + MachineSetup.keyring()));
        if (!apt.options().isEmpty()) {
            argv.add("--aptopt=" + options);
        }
        argv.addAll(List.of(release.codename(), directory.toString(), "-"));
        return argv;
    }

    /**
     * Removes what the lab of a number had not finished when its process was killed; nothing of that may run any more.
     */
    static void sweep(Names names, Path cache) throws InterruptedException {
        if (!Files.isDirectory(cache)) {
            return;
        }
        List<Path> unfinished;
        try (Stream<Path> found = Files.list(cache)) {
            unfinished = found.filter(path -> path.getFileName().toString().startsWith(unfinished(names)))
                    .collect(Collectors.toList());
        } catch (IOException e) {
            throw Machine.failed("reading " + cache, e);
        }
        for (Path path : unfinished) {
            Mounts.unmountBelow(path);
            Machine.delete(path);
        }
    }
}
