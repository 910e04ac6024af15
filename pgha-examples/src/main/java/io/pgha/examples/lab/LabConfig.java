package io.pgha.examples.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Says which hosts a lab has and where it keeps them. Immutable.
 *
 * <p>Defaults: trixie; the machine has 192.168.60.1/24; three HAProxy hosts at .100 to .102 and three PostgreSQL hosts at .103
 * to .105, which leaves .110 and above free for virtual addresses; 90 s for a host to boot.
 */
public final class LabConfig {
    private static final Pattern HOST_NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern PACKAGE_NAME = Pattern.compile("[a-z0-9][a-z0-9+.-]+");

    private final Release release;
    private final Subnet subnet;
    private final Map<String, String> hosts;
    private final List<String> packages;
    private final Duration bootTimeout;
    private final LabPaths paths;

    private LabConfig(Builder builder) {
        this.release = builder.release;
        this.subnet = Subnet.parse(builder.gateway);
        this.hosts = Collections.unmodifiableMap(
                new LinkedHashMap<>(builder.hosts.isEmpty() ? defaultHosts() : builder.hosts));
        this.packages = List.copyOf(builder.packages);
        this.bootTimeout = builder.bootTimeout;
        this.paths = LabPaths.of(builder.stateDirectory, builder.cacheDirectory);
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

    private static Map<String, String> defaultHosts() {
        Map<String, String> hosts = new LinkedHashMap<>();
        for (int i = 1; i <= 3; i++) {
            hosts.put("haproxy-0" + i, "192.168.60." + (99 + i));
        }
        for (int i = 1; i <= 3; i++) {
            hosts.put("postgres-0" + i, "192.168.60." + (102 + i));
        }
        return hosts;
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

    Subnet subnet() {
        return subnet;
    }

    LabPaths paths() {
        return paths;
    }

    LabConfig withRelease(Release other) {
        Builder builder = builder()
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
        private Release release = Release.TRIXIE;
        private String gateway = "192.168.60.1/24";
        private final Map<String, String> hosts = new LinkedHashMap<>();
        private final Collection<String> packages = new TreeSet<>();
        private Duration bootTimeout = Duration.ofSeconds(90);
        private Path stateDirectory = LabPaths.defaultState();
        private Path cacheDirectory = LabPaths.defaultCache();

        private Builder() {}

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
         * Sets the machine's own address in the lab's network. Default: {@code 192.168.60.1/24}.
         *
         * @param addressWithPrefix an IPv4 address and a prefix length between 8 and 30
         * @return this builder
         */
        public Builder gateway(String addressWithPrefix) {
            this.gateway = addressWithPrefix;
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
         * Adds packages that all hosts have from the start. Default: none, as a freshly installed host. Another list makes
         * another root file system.
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
         * {@code /var/lib/pgha-lab}.
         *
         * @param directory a directory that belongs to the lab alone, on a file system that overlayfs can write to
         * @return this builder
         */
        public Builder stateDirectory(Path directory) {
            this.stateDirectory = directory;
            return this;
        }

        /**
         * Sets where the root file systems are kept between labs. Default: the system property {@code pgha.lab.cache}, else
         * {@code /var/cache/pgha-lab}.
         *
         * @param directory a directory that belongs to the lab alone
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
