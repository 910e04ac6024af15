package io.pgha;

import io.pgha.host.Transport;
import io.pgha.model.ClusterConfig;
import io.pgha.os.CommonComponent;
import io.pgha.proxy.HaproxyComponent;
import io.pgha.proxy.KeepalivedComponent;
import io.pgha.secret.SecretStore;
import io.pgha.spi.Component;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The way in: how machines are reached, where passwords are, and which components are installed.
 *
 * <pre>{@code
 * try (PgHa pgha = PgHa.builder()
 *     .transport(Ssh.transport(ssh -> ssh.user("ops").privateKey(key).knownHosts(knownHosts)))
 *     .secrets(SecretStore.directory(Path.of("secrets")))
 *     .install(Certs.component(CaStore.directory(Path.of("pki"), passphrase)))
 *     .install(Etcd.component())
 *     .install(Patroni.component())
 *     .build()) {
 *   Plan plan = pgha.cluster(config).plan();
 *   System.out.println(plan);
 *   plan.apply(run -> run.listener(RunListener.console()));
 * }
 * }</pre>
 *
 * <p>Thread-safe. The built-in components (operating system, HAProxy, keepalived) are always there. No default
 * transport: what is touched is always said.
 */
public final class PgHa implements AutoCloseable {
    private final Transport transport;
    private final SecretStore secrets;
    private final List<Component> components;
    private final InstantSource clock;

    private PgHa(Transport transport, SecretStore secrets, List<Component> components, InstantSource clock) {
        this.transport = transport;
        this.secrets = secrets;
        this.components = List.copyOf(components);
        this.clock = clock;
    }

    /**
     * Returns a builder.
     *
     * @return a new builder; {@code transport} and {@code secrets} are mandatory
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the handle of a cluster. No I/O.
     *
     * @param config the cluster as it should be
     * @return the handle
     */
    public Cluster cluster(ClusterConfig config) {
        return new Cluster(Given.value(config, "config"), components, secrets, transport, clock);
    }

    @Override
    public String toString() {
        return "pgha with "
                + String.join(", ", components.stream().map(Component::name).toList()) + "; " + transport;
    }

    /** Closes the connections to the hosts. Safe to call twice. */
    @Override
    public void close() {
        transport.close();
    }

    /** Builds {@link PgHa}. Confined to one thread. */
    public static final class Builder {
        private Optional<Transport> transport = Optional.empty();
        private Optional<SecretStore> secrets = Optional.empty();
        private final List<Component> components = new ArrayList<>();
        private InstantSource clock = InstantSource.system();

        private Builder() {}

        /**
         * Sets how machines are reached.
         *
         * @param transport the transport; closed with {@link PgHa#close}
         * @return this builder
         */
        public Builder transport(Transport transport) {
            this.transport = Optional.of(Given.value(transport, "transport"));
            return this;
        }

        /**
         * Sets where passwords are kept.
         *
         * @param secrets the store
         * @return this builder
         */
        public Builder secrets(SecretStore secrets) {
            this.secrets = Optional.of(Given.value(secrets, "secrets"));
            return this;
        }

        /**
         * Sets what time it is where closed times are concerned; for rehearsals and tests.
         *
         * @param clock the clock; the machine's by default
         * @return this builder
         */
        public Builder clock(InstantSource clock) {
            this.clock = Given.value(clock, "clock");
            return this;
        }

        /**
         * Adds a component; within a phase, components act in the order in which they are installed, behind the
         * built-in ones.
         *
         * @param component the component
         * @return this builder
         */
        public Builder install(Component component) {
            components.add(Given.value(component, "component"));
            return this;
        }

        /**
         * Builds it.
         *
         * @return the way in
         * @throws PgHaException when transport or secrets are missing (code {@code pgha.incomplete}), or when a
         *     component is installed twice (code {@code pgha.component-twice}), or two components offer the same (code
         *     {@code pgha.port-twice})
         */
        public PgHa build() {
            List<Component> all =
                    new ArrayList<>(List.of(new CommonComponent(), new HaproxyComponent(), new KeepalivedComponent()));
            all.addAll(components);
            requireOnce(all);
            requireOneOffer(all);
            return new PgHa(
                    transport.orElseThrow(() -> missing("transport", "Ssh.transport(ssh -> ssh.user(..)…)")),
                    secrets.orElseThrow(() -> missing("secrets", "SecretStore.directory(path)")),
                    all,
                    clock);
        }

        private static void requireOnce(List<Component> all) {
            Set<String> names = new HashSet<>();
            all.stream()
                    .map(Component::name)
                    .filter(name -> !names.add(name))
                    .findFirst()
                    .ifPresent(name -> {
                        throw new PgHaException(Problem.of(
                                "pgha.component-twice",
                                "PgHa.builder() was given the component " + name + " twice",
                                "Call .install(..) once for it; common, haproxy and keepalived are always there. A component of your"
                                        + " own needs a name of its own."));
                    });
        }

        /** Which of two would be taken must not hang on their order. */
        private static void requireOneOffer(List<Component> all) {
            Map<Class<?>, String> offers = new HashMap<>();
            all.forEach(component -> component.offers().forEach(offer -> {
                String other = offers.putIfAbsent(offer.port(), component.name());
                if (other != null) {
                    throw new PgHaException(Problem.of(
                            "pgha.port-twice",
                            "The components " + other + " and " + component.name() + " both offer "
                                    + offer.port().getSimpleName() + ", and a cluster can have one only",
                            "Call .install(..) for one of the two."));
                }
            }));
        }

        private static PgHaException missing(String what, String example) {
            return new PgHaException(Problem.of(
                    "pgha.incomplete",
                    "PgHa.builder() was given no " + what,
                    "Call ." + what + "(" + example + ") before build()."));
        }
    }
}
