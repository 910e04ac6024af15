package io.pgha.examples.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Says which hosts a lab has and where it keeps them. Immutable.
 *
 * <p>Defaults: number 0, which may be 0 to 9; trixie; the machine has 192.168.60.1/24, and with each higher number the
 * next range; three HAProxy hosts at .100 to .102 and three PostgreSQL hosts at .103 to .105, which leaves .110 and
 * above free for virtual addresses; 90 s for a host to boot.
 */
public final class LabConfig {
    /** With the lab's prefix it is the name of a machine, which has at most 64 characters. */
    private static final Pattern HOST_NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,53}[a-z0-9])?");

    private static final Pattern PACKAGE_NAME = Pattern.compile("[a-z0-9][a-z0-9+.-]+");

    private static final int FIRST_RANGE = 60;
    private static final int FIRST_HOST = 100;
    private static final List<String> DEFAULT_HOSTS =
            List.of("haproxy-01", "haproxy-02", "haproxy-03", "postgres-01", "postgres-02", "postgres-03");

    private final Names names;
    private final Release release;
    private final Subnet subnet;
    private final Map<String, String> hosts;
    private final List<String> packages;
    private final Duration bootTimeout;
    private final LabPaths paths;

    private LabConfig(Builder builder) {
        this.names = Names.of(builder.number);
        this.release = builder.release;
        this.subnet = Subnet.parse(builder.gateway.orElse("192.168." + (FIRST_RANGE + builder.number) + ".1/24"));
        this.hosts = Collections.unmodifiableMap(
                new LinkedHashMap<>(builder.hosts.isEmpty() ? defaultHosts(subnet) : builder.hosts));
        this.packages = List.copyOf(builder.packages);
        this.bootTimeout = builder.bootTimeout;
        this.paths = LabPaths.of(builder.stateDirectory.orElse(LabPaths.defaultState(names)), builder.cacheDirectory);
        check();
    }

    private void check() {
        List<String> problems = new ArrayList<>();
        hosts.forEach((name, address) -> {
            if (!HOST_NAME.matcher(name).matches()) {
                problems.add("'" + name + "' is not a host name in lower case");
            }
            if (!subnet.fits(address)) {
                problems.add(name + ": " + address + " is not free for a host in " + subnet);
            }
        });
        if (hosts.values().stream().distinct().count() != hosts.size()) {
            problems.add("two hosts have the same address");
        }
        packages.stream()
                .filter(name -> !PACKAGE_NAME.matcher(name).matches())
                .forEach(name -> problems.add("'" + name + "' is not a package name"));
        if (bootTimeout.isNegative() || bootTimeout.isZero()) {
            problems.add("the boot timeout must be positive");
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
    }

    private static Map<String, String> defaultHosts(Subnet subnet) {
        Map<String, String> hosts = new LinkedHashMap<>();
        for (String name : DEFAULT_HOSTS) {
            hosts.put(name, subnet.address(FIRST_HOST + hosts.size()));
        }
        return hosts;
    }

    /** Returns the number of the lab that is meant where none is named. */
    static int defaultNumber() {
        return Integer.parseInt(System.getProperty("pgha.lab.number", "0"));
    }

    /**
     * Starts a description of a lab.
     *
     * @return a builder that holds the defaults
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the lab's number, which tells it from other labs of this machine.
     *
     * @return a number from 0 to 9, by default 0
     */
    public int number() {
        return names.number();
    }

    /**
     * Returns the Debian release of all hosts.
     *
     * @return the release, by default trixie
     */
    public Release release() {
        return release;
    }

    /**
     * Returns the machine's own address in the lab's network, which is the hosts' default gateway.
     *
     * @return an address with its prefix, by default {@code 192.168.60.1/24}
     */
    public String gateway() {
        return subnet.toString();
    }

    /**
     * Returns an address of the lab's network.
     *
     * @param index how many addresses it is behind the network's own: 110 is 192.168.60.110 by default
     * @return an IPv4 address
     */
    public String address(int index) {
        return subnet.address(index);
    }

    /**
     * Returns a host's address.
     *
     * @param host the host's name
     * @return an IPv4 address
     * @throws IllegalArgumentException if the lab has no such host
     */
    public String address(String host) {
        return Optional.ofNullable(hosts.get(host))
                .orElseThrow(() -> new IllegalArgumentException("the lab has no host named " + host));
    }

    /**
     * Returns the prefix length of the lab's network.
     *
     * @return a number of bits, by default 24
     */
    public int prefix() {
        return subnet.prefix();
    }

    /**
     * Returns the hosts in the order in which they were given.
     *
     * @return address by name, never empty, not modifiable
     */
    public Map<String, String> hosts() {
        return hosts;
    }

    /**
     * Returns the packages that the hosts have beyond a minimal Debian with systemd and sshd.
     *
     * @return sorted package names, by default none
     */
    public List<String> packages() {
        return packages;
    }

    /**
     * Returns how long a host may take from power-on until it answers over SSH.
     *
     * @return the limit, by default 90 s
     */
    public Duration bootTimeout() {
        return bootTimeout;
    }

    Names names() {
        return names;
    }

    Subnet subnet() {
        return subnet;
    }

    LabPaths paths() {
        return paths;
    }

    LabConfig withRelease(Release other) {
        Builder builder = builder()
                .number(number())
                .release(other)
                .gateway(gateway())
                .packages(packages)
                .bootTimeout(bootTimeout)
                .stateDirectory(paths.state())
                .cacheDirectory(paths.cache());
        hosts.forEach(builder::host);
        return builder.build();
    }

    @Override
    public String toString() {
        return release.codename() + ", " + hosts.size() + (hosts.size() == 1 ? " host" : " hosts") + " in "
                + subnet.range();
    }

    /** Collects a lab's description. Confined to one thread. */
    public static final class Builder {
        private int number = defaultNumber();
        private Release release = Release.TRIXIE;
        private Optional<String> gateway = Optional.empty();
        private final Map<String, String> hosts = new LinkedHashMap<>();
        private final Collection<String> packages = new TreeSet<>();
        private Duration bootTimeout = Duration.ofSeconds(90);
        private Optional<Path> stateDirectory = Optional.empty();
        private Path cacheDirectory = LabPaths.defaultCache();

        private Builder() {}

        /**
         * Sets the lab's number. Labs of different numbers can be up on one machine side by side. Default: the system
         * property {@code pgha.lab.number}, else 0.
         *
         * @param value a number from 0 to 9
         * @return this builder
         */
        public Builder number(int value) {
            this.number = value;
            return this;
        }

        /**
         * Sets the Debian release of all hosts. Default: trixie.
         *
         * @param value the release
         * @return this builder
         */
        public Builder release(Release value) {
            this.release = value;
            return this;
        }

        /**
         * Sets the machine's own address in the lab's network. Default: {@code 192.168.60.1/24} for number 0,
         * {@code 192.168.61.1/24} for number 1 and so on. The default hosts are in that network.
         *
         * @param addressWithPrefix an IPv4 address and a prefix length between 8 and 30
         * @return this builder
         */
        public Builder gateway(String addressWithPrefix) {
            this.gateway = Optional.of(addressWithPrefix);
            return this;
        }

        /**
         * Adds a host. The first call replaces the six default hosts.
         *
         * @param name the host's name: lower-case letters, digits and hyphens
         * @param address an IPv4 address in the lab's network
         * @return this builder
         * @throws IllegalArgumentException if the lab already has a host of that name
         */
        public Builder host(String name, String address) {
            if (hosts.putIfAbsent(name, address) != null) {
                throw new IllegalArgumentException("the lab has two hosts named " + name);
            }
            return this;
        }

        /**
         * Adds packages that all hosts have from the start. Default: none, as a freshly installed host. Another list
         * makes another root file system.
         *
         * @param names Debian package names
         * @return this builder
         */
        public Builder packages(Collection<String> names) {
            packages.addAll(names);
            return this;
        }

        /**
         * Sets how long a host may take to boot. Default: 90 s.
         *
         * @param value a positive limit
         * @return this builder
         */
        public Builder bootTimeout(Duration value) {
            this.bootTimeout = value;
            return this;
        }

        /**
         * Sets where the running hosts' files are. Default: the system property {@code pgha.lab.state}, else
         * {@code /var/lib/pgha-lab}, followed by a hyphen and the lab's number.
         *
         * @param directory a directory that belongs to the lab alone, on a file system that overlayfs can write to
         * @return this builder
         */
        public Builder stateDirectory(Path directory) {
            this.stateDirectory = Optional.of(directory);
            return this;
        }

        /**
         * Sets where the root file systems are kept between labs. Default: the system property {@code pgha.lab.cache},
         * else {@code /var/cache/pgha-lab}.
         *
         * @param directory a directory that belongs to labs alone; several may use it at a time
         * @return this builder
         */
        public Builder cacheDirectory(Path directory) {
            this.cacheDirectory = directory;
            return this;
        }

        /**
         * Returns the description.
         *
         * @return an immutable description
         * @throws IllegalArgumentException if something is wrong with it; the message names all problems
         */
        public LabConfig build() {
            return new LabConfig(this);
        }
    }
}
