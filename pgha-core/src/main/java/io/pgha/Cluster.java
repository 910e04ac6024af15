package io.pgha;

import io.pgha.host.Transport;
import io.pgha.internal.InstalledPorts;
import io.pgha.internal.Planner;
import io.pgha.internal.Redaction;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.plan.Plan;
import io.pgha.port.DistributedConfigStore;
import io.pgha.port.Offer;
import io.pgha.port.OperationLock;
import io.pgha.port.Pki;
import io.pgha.resource.CertificateResource;
import io.pgha.run.MaintenanceGate;
import io.pgha.secret.SecretStore;
import io.pgha.spi.Component;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The handle of one cluster: its configuration, and what can be asked of it. Thread-safe; open as long as the
 * {@link PgHa} it came from.
 */
public final class Cluster {
    /** Debian's newest release that is supported: what is assumed of hosts that are not asked. */
    private static final String NEWEST_RELEASE = "trixie";

    private final ClusterConfig config;
    private final Planner planner;
    private final InstalledPorts ports;
    private final MaintenanceGate maintenance;

    Cluster(
            ClusterConfig config,
            List<Component> components,
            SecretStore secrets,
            Transport transport,
            InstantSource clock) {
        this.config = config;
        this.maintenance = MaintenanceGate.of(config.maintenance(), clock);
        Redaction redaction = new Redaction();
        redaction.knows(config.postgres());
        SecretStore watched = redaction.watched(secrets);
        this.ports = InstalledPorts.of(config, redaction.covered(transport), watched, components);
        this.planner = new Planner(ports, components, redaction, maintenance);
    }

    /**
     * Returns the cluster as it should be.
     *
     * @return the configuration
     */
    public ClusterConfig config() {
        return config;
    }

    /**
     * Looks at the hosts and says what would change and why. Reads only; does network I/O and blocks: one round trip a
     * host once connections stand, all hosts at once.
     *
     * @return the plan, empty where everything is as the configuration says
     * @throws io.pgha.plan.PreflightFailedException with everything that stands in the way
     * @throws InterruptedException when the calling thread is interrupted
     */
    public Plan plan() throws InterruptedException {
        return planner.plan(() -> {});
    }

    /**
     * Looks at the hosts and says what would change if the certificates came from another authority or another
     * generation than the installed component's. Reads only; costs the same as {@link #plan()}.
     *
     * @param certificates issues and judges the certificates of this plan
     * @param begin what a run of the plan does, on its own thread, once nothing keeps it from its first step any more:
     *     puts what is wanted on record, so that any later plan finishes a run that is cut short; what it throws ends
     *     the run
     * @return the plan
     * @throws io.pgha.plan.PreflightFailedException with everything that stands in the way
     * @throws InterruptedException when the calling thread is interrupted
     */
    public Plan plan(Pki certificates, Runnable begin) throws InterruptedException {
        Given.value(certificates, "certificates");
        return planner.planning(ports.with(new Offer<>(Pki.class, any -> certificates)))
                .plan(Given.value(begin, "begin"));
    }

    /**
     * Looks at the hosts and says what stands in the way of a plan. Reads only; costs the same as {@link #plan()}.
     *
     * @return the problems, each with its remedy; empty where all is well
     * @throws InterruptedException when the calling thread is interrupted
     */
    public List<Problem> check() throws InterruptedException {
        return planner.check();
    }

    /**
     * Renders the files that would be on the hosts, without asking any: the interface of each node is taken to be
     * {@code eth0} on Debian's newest supported release.
     *
     * @return the files
     */
    public Rendering render() {
        return render(NEWEST_RELEASE);
    }

    /**
     * Renders the files that would be on hosts of a release, without asking any.
     *
     * @param release the code name of a release of Debian or Ubuntu, for example {@code bookworm} or {@code noble}
     * @return the files
     * @throws io.pgha.host.HostException when no release has that name (code {@code host.unknown-release})
     */
    public Rendering render(String release) {
        return new Rendering(planner.files(Given.value(release, "release")));
    }

    /**
     * Returns the way to the machines, for the clients of etcd and Patroni.
     *
     * @return the transport; closing it is for {@link PgHa#close}
     */
    public Transport transport() {
        return ports.transport();
    }

    /**
     * Returns the cluster's passwords, for the clients of etcd and Patroni. Names and secrets are checked; what is
     * read, made, put or replaced through it is covered from then on in what the cluster's hosts say.
     *
     * @return the store, narrowed to this cluster
     */
    public SecretStore secrets() {
        return ports.secrets();
    }

    /**
     * Returns what keeps the {@linkplain ClusterConfig#maintenance() closed times}, for the clients of etcd and
     * Patroni.
     *
     * @return the gate that everything passes that interrupts the service
     */
    public MaintenanceGate maintenance() {
        return maintenance;
    }

    /**
     * Returns the cluster's certificates, for the clients of etcd and Patroni.
     *
     * @return the port to the authority; empty where no component brings one
     */
    public Optional<Pki> pki() {
        return ports.find(Pki.class);
    }

    /**
     * Returns the certificates that the cluster's daemons have: where they are, for whom, and where they are shown.
     * Asks no host.
     *
     * @return certificates by node
     */
    public Map<Node, List<CertificateResource>> certificates() {
        return planner.certificates(NEWEST_RELEASE);
    }

    /**
     * Opens what Patroni keeps of the cluster in the DCS, for the client of Patroni. Does no network I/O.
     *
     * @return the store, which the caller closes; empty where no component brings one
     */
    public Optional<DistributedConfigStore> distributedConfigStore() {
        return ports.find(DistributedConfigStore.class);
    }

    /**
     * Takes the cluster's lock, as a run that changes something does, for work of one's own on the hosts or on the DCS.
     * Does network I/O and blocks, for a few seconds where somebody else holds it.
     *
     * @param purpose what for, a verb and its object, as others will read it: for example {@code replace db-02}
     * @return the lock, held until it is closed
     * @throws PgHaException when somebody else holds it, with who, since when and what for
     *     ({@link OperationLock#LOCKED})
     * @throws InterruptedException when the calling thread is interrupted; nothing is held then
     */
    public OperationLock.Held lock(String purpose) throws InterruptedException {
        return planner.lock(Given.value(purpose, "purpose"));
    }

    @Override
    public String toString() {
        return config.toString();
    }
}
