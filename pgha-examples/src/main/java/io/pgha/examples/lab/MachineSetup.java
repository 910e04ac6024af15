package io.pgha.examples.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out whether this machine can run a lab, and installs the programs that are missing. */
final class MachineSetup {
    private static final Logger LOG = LoggerFactory.getLogger(MachineSetup.class);
    private static final Duration INSTALL_LIMIT = Duration.ofMinutes(10);
    private static final Path LOCK = Path.of("/run/pgha-labs-setup.lock");
    private static final Path KEYRINGS = Path.of("/usr/share/keyrings");
    private static final List<String> DIRECTORIES = List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin");
    private static final Map<String, String> PACKAGE_OF = packageOf();

    private MachineSetup() {}

    private static Map<String, String> packageOf() {
        Map<String, String> packages = new LinkedHashMap<>();
        packages.put("systemd-nspawn", "systemd-container");
        packages.put("mmdebstrap", "mmdebstrap");
        packages.put("ip", "iproute2");
        packages.put("nft", "nftables");
        packages.put("ssh-keygen", "openssh-client");
        packages.put("nsenter", "util-linux");
        return packages;
    }

    /** Returns why this machine can never run a lab, or nothing where it is worth trying. */
    static Optional<String> obstacle() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return Optional.of("the lab needs Linux, and this is " + System.getProperty("os.name"));
        }
        boolean root = Machine.read(Path.of("/proc/self/status"))
                .lines()
                .anyMatch(line -> line.matches("Uid:\\s+\\d+\\s+0\\s.*"));
        if (!root) {
            return Optional.of("the lab needs root, and this process runs as " + System.getProperty("user.name"));
        }
        if (!isInstalled("apt-get")) {
            return Optional.of("the lab needs Debian or Ubuntu, and this machine has no apt-get");
        }
        return Optional.empty();
    }

    static void require() {
        obstacle().ifPresent(reason -> {
            throw new LabUnavailableException(reason, "run it as root on Debian or Ubuntu");
        });
    }

    /** Says whether all programs that a lab needs are there. */
    static boolean isComplete() {
        return PACKAGE_OF.keySet().stream().allMatch(MachineSetup::isInstalled);
    }

    static void installMissing(Release release) throws InterruptedException {
        if (missing(release).isEmpty()) {
            return;
        }
        // Of two labs that start at once: apt waits for the other's lock of packages, not for that of the lists.
        KernelLock.hold(LOCK, () -> install(missing(release)));
        List<String> still = missing(release);
        if (!still.isEmpty()) {
            throw new LabUnavailableException(
                    "this machine's " + String.join(" ", still) + " is too old or lacks what the lab needs for "
                            + release.codename(),
                    "use Debian 12 or later, or Ubuntu 24.04 or later");
        }
    }

    private static void install(List<String> missing) throws InterruptedException {
        if (missing.isEmpty()) {
            return;
        }
        LOG.info("installing on this machine, because the lab needs it: {}", String.join(" ", missing));
        ExecResult result = aptInstall(missing);
        if (!result.succeeded()) {
            LOG.info("that failed with the package lists as they are; updating them");
            // Its status says little: one dead third-party source fails it. The second try decides.
            ExecResult update = apt(List.of("apt-get", "update"));
            result = aptInstall(missing);
            if (!result.succeeded()) {
                throw new LabUnavailableException(
                        "the lab could not install " + String.join(" ", missing) + ": "
                                + Text.lastLines(update.out() + "\n" + result.out(), 8),
                        "install the packages by hand: apt-get install " + String.join(" ", missing));
            }
        }
    }

    private static ExecResult aptInstall(List<String> packages) throws InterruptedException {
        List<String> argv = new ArrayList<>(
                List.of("apt-get", "install", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300", "--"));
        argv.addAll(packages);
        return apt(argv);
    }

    /**
     * Runs apt so that it ends well whatever becomes of this process: cut short, it leaves the machine's packages
     * broken.
     */
    private static ExecResult apt(List<String> argv) {
        List<String> detached = new ArrayList<>(List.of(
                "setsid",
                "--wait",
                "sh",
                "-c",
                "log=$(mktemp); \"$@\" >\"$log\" 2>&1; s=$?; cat \"$log\"; rm \"$log\"; exit $s",
                "sh"));
        detached.addAll(argv);
        return Uninterruptibly.call(
                () -> Shell.command(detached).timeout(INSTALL_LIMIT).run());
    }

    private static List<String> missing(Release release) {
        List<String> missing = PACKAGE_OF.entrySet().stream()
                .filter(entry -> !isInstalled(entry.getKey()))
                .map(Map.Entry::getValue)
                .collect(Collectors.toCollection(ArrayList::new));
        if (!hasKeysOf(release)) {
            missing.add("debian-archive-keyring");
        }
        return missing;
    }

    static boolean isInstalled(String program) {
        return DIRECTORIES.stream().anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    private static boolean hasKeysOf(Release release) {
        if (!Files.isDirectory(KEYRINGS)) {
            return false;
        }
        try (Stream<Path> files = Files.list(KEYRINGS)) {
            return files.anyMatch(file ->
                    file.getFileName().toString().startsWith("debian-archive-" + release.codename() + "-stable."));
        } catch (IOException e) {
            throw Machine.failed("reading " + KEYRINGS, e);
        }
    }

    /** Returns Debian's keys, as apt on this machine has them. */
    static Path keyring() {
        Path current = KEYRINGS.resolve("debian-archive-keyring.pgp");
        return Files.exists(current) ? current : KEYRINGS.resolve("debian-archive-keyring.gpg");
    }
}
