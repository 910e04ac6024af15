package io.pgha.examples.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs real Debian hosts on this machine: each with its own address, systemd, sshd and apt, in a network of their own.
 *
 * <pre>{@code
 * try (LocalLab lab = LocalLab.start(l -> l.release(Release.BOOKWORM))) {
 *   lab.host("postgres-01").exec("systemctl status ssh").text();
 * }
 * }</pre>
 *
 * <p>The hosts know three users: {@code root} and {@code ops}, who come in with {@link #privateKey()} ({@code ops} may
 * use sudo without a password), and {@code opspw}, who comes in with {@link #password()} and needs it for sudo as well.
 *
 * <p>It needs root on Debian or Ubuntu, installs the programs that are missing (and says so), and makes a root file
 * system for each release once, which takes 20 to 40 s and stays in {@code /var/cache/pgha-lab}. One lab of each number
 * can be up on a machine at a time; where no number is named, that is the system property {@code pgha.lab.number}, else
 * 0. {@link #close()} leaves the machine as it was, as soon as no other lab is up. What a killed process has left up is
 * removed by the next start of its number.
 *
 * <p>Thread-safe; starting, resetting, freezing, thawing and closing wait for each other.
 */
public final class LocalLab implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalLab.class);
    private static final Duration EXIT_LIMIT = Duration.ofSeconds(60);

    /** Less than the 90 s after which systemd kills what does not stop: that would not be a clean stop. */
    private static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(80);

    private final Object change = new Object();
    private final LabLock lock;
    private final LabKeys keys;
    private final Thread exitHook = new Thread(this::exit, "pgha-lab-exit");
    private final CountDownLatch started = new CountDownLatch(1);
    private final Thread starter = Thread.currentThread();

    private volatile LabRecord record;
    private volatile List<LabHost> hosts = List.of();
    private boolean closed;

    private LocalLab(LabLock lock, LabRecord record) {
        this.lock = lock;
        this.record = record;
        this.keys = new LabKeys(record.config().paths().keys());
    }

    /**
     * Starts the six default hosts with trixie. Blocks until they answer, which takes about ten seconds.
     *
     * @return a running lab
     * @throws LabUnavailableException if this machine cannot run a lab
     * @throws LabException if a lab of that number is up, or a host does not boot; nothing is left behind then
     * @throws InterruptedException if the thread is interrupted meanwhile; nothing is left behind then
     * @see LabConfig for the defaults
     */
    public static LocalLab start() throws InterruptedException {
        return start(config -> config);
    }

    /**
     * Starts hosts. Blocks until they answer over SSH and their systemd is done.
     *
     * @param description changes the defaults, which {@link LabConfig} lists
     * @return a running lab
     * @throws LabUnavailableException if this machine cannot run a lab
     * @throws LabException if a lab of that number is up, or a host does not boot; nothing is left behind then
     * @throws InterruptedException if the thread is interrupted meanwhile; nothing is left behind then
     */
    public static LocalLab start(UnaryOperator<LabConfig.Builder> description) throws InterruptedException {
        LabConfig config = description.apply(LabConfig.builder()).build();
        MachineSetup.require();
        LabLock lock = LabLock.take(config.names());
        boolean up = false;
        try {
            MachineSetup.installMissing(config.release());
            sweepFormer(config);
            lock.sign(config.paths().state());
            LocalLab lab = new LocalLab(lock, new LabRecord(config, Instant.now(), LabStatus.Ownership.PROCESS));
            lab.startUp();
            up = true;
            return lab;
        } finally {
            if (!up) {
                lock.close();
            }
        }
    }

    /**
     * Takes command of a lab that was left up with {@link #keep()}. Closing it again leaves it up; {@link #stop()} does
     * not.
     *
     * @return the lab, or nothing where none was left up, or nothing of it runs any more
     * @throws LabUnavailableException if this machine cannot run a lab
     * @throws LabException if another process commands it
     */
    public static Optional<LocalLab> attach() {
        return attach(LabConfig.defaultNumber());
    }

    /**
     * Takes command of a lab that was left up with {@link #keep()}, by its number. Closing it again leaves it up;
     * {@link #stop()} does not.
     *
     * @param number the lab's number
     * @return the lab, or nothing where none was left up, or nothing of it runs any more
     * @throws LabUnavailableException if this machine cannot run a lab
     * @throws LabException if another process commands it
     */
    public static Optional<LocalLab> attach(int number) {
        Names names = Names.of(number);
        MachineSetup.require();
        LabLock lock = LabLock.take(names);
        boolean attached = false;
        try {
            Optional<LabRecord> record = kept(names, stateDirectory(names));
            if (record.isEmpty()) {
                return Optional.empty();
            }
            lock.sign(record.get().config().paths().state());
            LocalLab lab = new LocalLab(lock, record.get());
            lab.hosts = hostsOf(record.get().config());
            attached = true;
            return Optional.of(lab);
        } finally {
            if (!attached) {
                lock.close();
            }
        }
    }

    /**
     * Says whether a lab is up on this machine, or was when its process died. Reads files only, and needs no lock.
     *
     * @return the status, or nothing where no lab is up
     */
    public static Optional<LabStatus> running() {
        return running(LabConfig.defaultNumber());
    }

    /**
     * Says whether the lab of a number is up on this machine, or was when its process died. Reads files only, and needs
     * no lock.
     *
     * @param number the lab's number
     * @return the status, or nothing where that lab is not up
     */
    public static Optional<LabStatus> running(int number) {
        Names names = Names.of(number);
        if (MachineSetup.obstacle().isPresent()) {
            return Optional.empty();
        }
        long holder = LabLock.lastHolder(names).map(LabLock.Holder::pid).orElse(0L);
        return LabRecord.read(stateDirectory(names)).map(record -> {
            LabKeys keys = new LabKeys(record.config().paths().keys());
            return new LabStatus(
                    record.config().number(),
                    record.config().release(),
                    record.config().hosts(),
                    record.started(),
                    record.ownership(),
                    holder,
                    keys.privateKey(),
                    keys.knownHosts());
        });
    }

    /**
     * Takes down the lab that is up on this machine, kept or left by a killed process. Blocks for a few seconds.
     *
     * @return whether there was anything to take down
     * @throws LabUnavailableException if this machine cannot run a lab
     * @throws LabException if a living process commands it, or something resists
     * @throws InterruptedException if the thread is interrupted meanwhile; call it again then
     */
    public static boolean stopAny() throws InterruptedException {
        return stopAny(LabConfig.defaultNumber());
    }

    /**
     * Takes down the lab of a number, kept or left by a killed process, and no other. Blocks for a few seconds.
     *
     * @param number the lab's number
     * @return whether there was anything to take down
     * @throws LabUnavailableException if this machine cannot run a lab
     * @throws LabException if a living process commands it, or something resists
     * @throws InterruptedException if the thread is interrupted meanwhile; call it again then
     */
    public static boolean stopAny(int number) throws InterruptedException {
        Names names = Names.of(number);
        MachineSetup.require();
        if (!MachineSetup.isComplete()) {
            // Without its tools, no lab was ever up here.
            return false;
        }
        try (LabLock lock = LabLock.take(names)) {
            Path state = stateDirectory(names);
            lock.sign(state);
            Sweeper sweeper = new Sweeper(names);
            boolean found = sweeper.findsAnything(state);
            sweeper.sweep(state);
            lock.erase();
            return found;
        }
    }

    /**
     * Returns why this machine cannot run a lab. Looks at the machine, changes nothing.
     *
     * @return one sentence, or nothing where it is worth trying
     */
    public static Optional<String> unavailable() {
        return MachineSetup.obstacle();
    }

    private static Path stateDirectory(Names names) {
        return LabLock.lastHolder(names)
                .map(LabLock.Holder::stateDirectory)
                .orElse(LabPaths.defaults(names).state());
    }

    /**
     * Reads the record of a lab that was left up on purpose; one of which nothing runs any more was not left up, but
     * cut off.
     */
    private static Optional<LabRecord> kept(Names names, Path state) {
        return LabRecord.read(state)
                .filter(found -> found.ownership() == LabStatus.Ownership.KEPT)
                .filter(found -> Cgroups.ofMachine().holdsProcesses(names));
    }

    /** Removes what a killed process has left, wherever it had its files; refuses to touch what was kept on purpose. */
    private static void sweepFormer(LabConfig config) throws InterruptedException {
        Names names = config.names();
        Path former = stateDirectory(names);
        Optional<LabRecord> kept = kept(names, former);
        if (kept.isPresent()) {
            throw new LabException(
                    "lab.kept",
                    "lab " + names.number() + " was left up on purpose: "
                            + kept.get().config() + ", since " + kept.get().started(),
                    "use it with LocalLab.attach(), or take it down with LocalLab.stopAny() or 'LabMain down', or start a lab"
                            + " of another number");
        }
        Sweeper sweeper = new Sweeper(names);
        if (sweeper.findsAnything(former)) {
            LOG.info("removing what an earlier lab has left behind");
        }
        sweeper.sweep(former);
        if (!former.equals(config.paths().state())) {
            sweeper.sweep(config.paths().state());
        }
        RootFileSystem.sweep(names, config.paths().cache());
    }

    private void startUp() throws InterruptedException {
        synchronized (change) {
            startUpLocked();
        }
    }

    private void startUpLocked() throws InterruptedException {
        long begin = System.nanoTime();
        Runtime.getRuntime().addShutdownHook(exitHook);
        boolean up = false;
        try {
            LabConfig config = record.config();
            Machine.directory(config.paths().state(), "rwx------");
            record.save();
            Path lower = new RootFileSystem(config, AptSettings.ofMachine()).obtain();
            SharedSettings.join(new Network(config.names(), config.subnet()));
            hosts = hostsOf(config);
            keys.createOperator();
            Parallel.forEach(hosts, host -> keys.createHost(host.name()));
            keys.writeKnownHosts(config.hosts());
            bootNew(lower);
            up = true;
        } finally {
            if (!up) {
                LOG.info("the lab did not start; taking down what there is of it");
                closed = true;
                takeDown();
            }
            started.countDown();
        }
        LOG.info("{} up after {}", record.config(), seconds(begin));
    }

    private void bootNew(Path lower) throws InterruptedException {
        long begin = System.nanoTime();
        Parallel.forEach(hosts, host -> host.runtime().prepare(lower, keys));
        boot(begin);
    }

    private void boot(long begin) throws InterruptedException {
        LOG.debug("disks made after {}", seconds(begin));
        Parallel.forEach(hosts, host -> host.runtime().launch());
        LOG.debug("powered on after {}", seconds(begin));
        Parallel.forEach(hosts, host -> host.runtime().awaitBoot());
    }

    private static List<LabHost> hostsOf(LabConfig config) {
        List<LabHost> hosts = new ArrayList<>();
        for (String name : config.hosts().keySet()) {
            hosts.add(new LabHost(new HostRuntime(name, hosts.size() + 1, config)));
        }
        return List.copyOf(hosts);
    }

    /**
     * Gives all hosts new disks and boots them: bare hosts, with the same addresses, SSH keys and password. Blocks for
     * about ten seconds.
     *
     * @throws LabException if a host does not come up
     * @throws InterruptedException if the thread is interrupted meanwhile; call it again then
     */
    public void reset() throws InterruptedException {
        reset(release());
    }

    /**
     * Gives all hosts new disks with another release and boots them. Addresses, SSH keys and the password stay. Blocks
     * for about ten seconds, and for longer if the release is used on this machine for the first time.
     *
     * @param release the release that the hosts shall run
     * @throws LabException if a host does not come up
     * @throws InterruptedException if the thread is interrupted meanwhile; call it again then
     */
    public void reset(Release release) throws InterruptedException {
        synchronized (change) {
            requireOpen();
            long begin = System.nanoTime();
            LabConfig config = record.config().withRelease(release);
            MachineSetup.installMissing(release);
            Path lower = new RootFileSystem(config, AptSettings.ofMachine()).obtain();
            record = record.with(config);
            record.save();
            discardDisks();
            bootNew(lower);
            Machine.delete(config.paths().discarded());
            LOG.info("{} reset after {}", config, seconds(begin));
        }
    }

    private void discardDisks() throws InterruptedException {
        Path discarded = record.config().paths().discarded();
        Parallel.forEach(hosts, host -> {
            host.runtime().cutPower();
            host.runtime().disk().discard(discarded);
        });
    }

    /**
     * Lets all hosts shut down as their own systemd does it, and keeps their disks for {@link #thaw}. They are off
     * afterwards, and have disks that begin where the frozen ones ended. What has been thawed can be frozen again.
     * Nothing is copied; blocks for as long as the hosts take to shut down.
     *
     * @return what names the frozen disks for as long as the lab is up
     * @throws LabException if a host is off already, or has not shut down in time: no disk is frozen then
     * @throws InterruptedException if the thread is interrupted meanwhile; the hosts are in need of {@link #reset()}
     *     then
     */
    public FrozenHosts freeze() throws InterruptedException {
        synchronized (change) {
            requireOpen();
            long begin = System.nanoTime();
            LabConfig config = record.config();
            Parallel.forEach(hosts, host -> host.runtime().shutDown(SHUTDOWN_LIMIT));
            LOG.debug("shut down after {}", seconds(begin));
            Path directory = Machine.newDirectory(config.paths().frozen());
            Map<String, List<Path>> layers = new ConcurrentHashMap<>();
            Parallel.forEach(hosts, host -> {
                HostDisk disk = host.runtime().disk();
                layers.put(host.name(), disk.freeze(directory, config.paths().discarded()));
                disk.mount(layers.get(host.name()));
            });
            Machine.delete(config.paths().discarded());
            LOG.info("{} frozen after {}", config, seconds(begin));
            return new FrozenHosts(directory, config.release(), layers);
        }
    }

    /**
     * Gives all hosts the disks that were frozen and boots them, whatever state they are in. What they change does not
     * reach the frozen disks, so that these can be thawed as often as one likes. Addresses, SSH keys, machine ids and
     * the password are those from before. Blocks until the hosts answer over SSH and their systemd is done, which takes
     * about ten seconds.
     *
     * @param frozen what {@link #freeze()} of this lab has returned since it was started
     * @throws LabException if the disks are not this lab's, or a host does not come up
     * @throws InterruptedException if the thread is interrupted meanwhile; call it again then
     */
    public void thaw(FrozenHosts frozen) throws InterruptedException {
        synchronized (change) {
            requireOpen();
            LabConfig config = record.config().withRelease(frozen.release());
            frozen.requireThose(config.paths());
            long begin = System.nanoTime();
            record = record.with(config);
            record.save();
            discardDisks();
            Parallel.forEach(hosts, host -> host.runtime().disk().mount(frozen.layers(host.name())));
            boot(begin);
            Machine.delete(config.paths().discarded());
            LOG.info("{} thawed after {}", config, seconds(begin));
        }
    }

    /**
     * Leaves the lab up when it is closed and when this process ends, until {@link #stop()} or {@link #stopAny()} takes
     * it down.
     */
    public void keep() {
        synchronized (change) {
            requireOpen();
            record = record.with(LabStatus.Ownership.KEPT);
            record.save();
        }
    }

    /**
     * Takes the lab down and leaves the machine as it was, even if the lab was kept. Blocks for a second or two. Does
     * nothing to a lab that is closed.
     *
     * @throws LabException if something resists; the message says what
     */
    public void stop() {
        finish(LabStatus.Ownership.PROCESS);
    }

    /**
     * Takes the lab down and leaves the machine as it was, unless {@link #keep()} was called: then it lets go of the
     * lab only. Blocks for a second or two and cannot be interrupted. Does nothing when called again.
     *
     * @throws LabException if something resists; the message says what
     */
    @Override
    public void close() {
        finish(record.ownership());
    }

    private void finish(LabStatus.Ownership ownership) {
        synchronized (change) {
            if (closed) {
                return;
            }
            closed = true;
            try {
                if (ownership == LabStatus.Ownership.PROCESS) {
                    takeDown();
                } else {
                    forgetExitHook();
                }
            } finally {
                lock.close();
            }
        }
    }

    private void takeDown() {
        long begin = System.nanoTime();
        forgetExitHook();
        Uninterruptibly.call(() -> {
            new Sweeper(record.config().names()).sweep(record.config().paths().state());
            lock.erase();
            return record;
        });
        LOG.info("lab taken down in {}", seconds(begin));
    }

    private void forgetExitHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(exitHook);
        } catch (IllegalStateException e) {
            LOG.debug("the JVM is going down already", e);
        }
    }

    /** Runs when the JVM ends with the lab still up, as after Ctrl-C. */
    private void exit() {
        if (started.getCount() > 0) {
            // The start undoes itself.
            starter.interrupt();
        }
        try {
            if (started.await(EXIT_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new LabException("lab.closed", "the lab is closed", "start another one with LocalLab.start(..)");
        }
    }

    /**
     * Returns the hosts, in the order in which they were described.
     *
     * @return an immutable list
     */
    public List<LabHost> hosts() {
        return hosts;
    }

    /**
     * Returns one host.
     *
     * @param name its name
     * @return the host
     * @throws LabException if the lab has no such host
     */
    public LabHost host(String name) {
        return hosts.stream()
                .filter(host -> host.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new LabException(
                        "lab.no-host",
                        "the lab has no host named '" + name + "'",
                        "use one of " + hosts.stream().map(LabHost::name).collect(Collectors.joining(", "))));
    }

    /**
     * Returns what the lab was asked to be.
     *
     * @return the description, with the release that is running
     */
    public LabConfig config() {
        return record.config();
    }

    /**
     * Returns the hosts' Debian release.
     *
     * @return the release
     */
    public Release release() {
        return record.config().release();
    }

    /**
     * Returns the operator's SSH key, an ed25519 key in OpenSSH's format without a passphrase, made for this lab. It
     * opens {@code root} and {@code ops}.
     *
     * @return a file that exists as long as the lab is up, readable by root alone
     */
    public Path privateKey() {
        return keys.privateKey();
    }

    /**
     * Returns the hosts' SSH keys.
     *
     * @return a file in the format of known_hosts that exists as long as the lab is up
     */
    public Path knownHosts() {
        return keys.knownHosts();
    }

    /**
     * Returns the password of the user {@code opspw}, made at random for this lab. Reads a file.
     *
     * @return the password
     */
    public String password() {
        return keys.password();
    }

    private static String seconds(long sinceNanos) {
        return String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - sinceNanos) / 1e9);
    }

    @Override
    public String toString() {
        return "LocalLab[" + record.config() + "]";
    }
}
