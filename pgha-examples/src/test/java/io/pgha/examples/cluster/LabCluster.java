package io.pgha.examples.cluster;

import io.pgha.Cluster;
import io.pgha.PgHa;
import io.pgha.certs.CaStore;
import io.pgha.certs.Certs;
import io.pgha.etcd.Etcd;
import io.pgha.examples.lab.LabHost;
import io.pgha.examples.lab.LocalLab;
import io.pgha.examples.quickstart.LabTarget;
import io.pgha.examples.quickstart.Writer;
import io.pgha.host.Transport;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.Vip;
import io.pgha.patroni.Patroni;
import io.pgha.secret.Secret;
import io.pgha.secret.SecretStore;
import io.pgha.ssh.Ssh;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The cluster of {@link LabTarget} on the lab's hosts, with the operator's state in a directory of its own. It is
 * deployed with an authority that a company brings; the tests of certificates replace that by one of pgha's own.
 */
public final class LabCluster implements AutoCloseable {
    /** Protects the key of the cluster's authority. */
    public static final String PASSPHRASE = "a passphrase of the tests";

    private static final Map<Path, CaStore> STORES = new ConcurrentHashMap<>();
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofMillis(200);

    private final LocalLab lab;
    private final OperatorState state;

    /** Whose connections stay open from one look to the next; those of {@link #open()} are the tests' own. */
    private Optional<PgHa> looking = Optional.empty();

    private LabCluster(LocalLab lab, OperatorState state) {
        this.lab = lab;
        this.state = state;
    }

    /** Returns the cluster for a lab's bare hosts and an operator who has nothing but the company's authority. */
    public static LabCluster on(LocalLab lab) {
        LabCluster cluster = new LabCluster(lab, OperatorState.create(lab.release()));
        try {
            Certs.adopt(caStore(cluster.state()), cluster.config().name(), CompanyAuthority.create());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cluster;
    }

    /** Returns the cluster on the same hosts, with a copy of the operator's state for itself. */
    LabCluster copy() {
        return new LabCluster(lab, state.copy());
    }

    /** Returns the hosts. */
    public LocalLab lab() {
        return lab;
    }

    /**
     * Returns the cluster as it is deployed: that of the README, with rounds of Patroni and leases as short as they may
     * be, so that tests wait less for them; with fewer checks of HAProxy's servers, each of which is a TLS handshake
     * (behind one that fails they are as quick as by default); and with a second virtual IP, which is in no network of
     * the hosts, so that its interface is named.
     */
    public ClusterConfig config() {
        ClusterConfig ofTheReadme = LabTarget.config(lab.config());
        return ClusterConfig.builder()
                .from(ofTheReadme)
                .topology(topology -> topology.from(ofTheReadme.topology())
                        .vip(vip -> vip.cidr("10.77.0.10/32").networkInterface("eth0")))
                .patroni(patroni -> patroni.ttl(Duration.ofSeconds(20))
                        .loopWait(Duration.ofSeconds(2))
                        .retryTimeout(Duration.ofSeconds(9)))
                .haproxy(haproxy -> haproxy.checkInterval(Duration.ofSeconds(3)))
                .build();
    }

    /** Returns the directory with the authority's and the passwords' stores. */
    public Path state() {
        return state.directory();
    }

    /** Opens the library on the hosts, as the user {@code ops}; the caller closes it. */
    public PgHa open() {
        return open(LabTarget.transport(lab), state());
    }

    /** Returns the cluster for a look from outside the tests, on connections that stay open until this is closed. */
    synchronized Cluster look() {
        looking = Optional.of(looking.orElseGet(this::open));
        return looking.get().cluster(config());
    }

    /** Closes what was opened for looks. */
    @Override
    public synchronized void close() {
        looking.ifPresent(PgHa::close);
        looking = Optional.empty();
    }

    /** Opens the library on the hosts as somebody else, or from another process. */
    public static PgHa open(Transport transport, Path state) {
        return PgHa.builder()
                .transport(transport)
                .secrets(SecretStore.directory(state.resolve("secrets")))
                .install(Certs.component(caStore(state)))
                .install(Etcd.component())
                .install(Patroni.component())
                .build();
    }

    /**
     * Opens the store that holds the cluster's authority, once: a store takes most of a second for its first look at a
     * key.
     */
    public static CaStore caStore(Path state) {
        return STORES.computeIfAbsent(state, home -> CaStore.directory(home.resolve("pki"), Secret.of(PASSPHRASE)));
    }

    /** Opens the way to the hosts for a key and a known_hosts file, as another process has them. */
    public static Transport transport(Path privateKey, Path knownHosts) {
        return Ssh.transport(ssh -> ssh.user("ops").privateKey(privateKey).knownHosts(knownHosts));
    }

    /** Opens a writer through the virtual IP; it does not write before it is started. */
    public Writer writer(Cluster cluster) throws IOException, InterruptedException {
        return Writer.on(cluster, state().resolve("ca.crt"));
    }

    /** Waits until the last commands of a run that was killed have ended: a plan made before that would be stale. */
    public static Cluster settled(Cluster cluster) throws InterruptedException {
        cluster.lock("see the end of a killed run").close();
        return cluster;
    }

    /** Asks a question that may need the hosts. */
    @FunctionalInterface
    public interface Condition {
        /** Returns the answer. */
        boolean holds() throws InterruptedException;
    }

    /** Tells how things stand, for the message of a wait that was in vain. */
    @FunctionalInterface
    public interface Account {
        /** Returns it. */
        String tell() throws InterruptedException;
    }

    /** Asks again and again until the answer is yes, for a minute at most. */
    public static void await(String what, Condition condition) throws InterruptedException {
        await(what, condition, () -> "");
    }

    /** The same, and tells how things stand where the answer never was yes. */
    public static void await(String what, Condition condition, Account account) throws InterruptedException {
        await(PATIENCE, what, condition, account);
    }

    /**
     * The same for another limit. A look that takes the hosts long is followed by as long a pause, for they have other
     * work.
     */
    static void await(Duration limit, String what, Condition condition, Account account) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        long look = System.nanoTime();
        while (!condition.holds()) {
            long now = System.nanoTime();
            if (now - end > 0) {
                throw new AssertionError("not within " + limit.toSeconds() + " s: " + what + "\n" + account.tell());
            }
            TimeUnit.NANOSECONDS.sleep(Math.max(now - look, LOOK.toNanos()));
            look = System.nanoTime();
        }
    }

    /** Returns a node's host. */
    public LabHost host(Node node) {
        return lab.host(node.name());
    }

    /** Returns the host whose PostgreSQL is not in recovery. */
    public LabHost leader() throws InterruptedException {
        for (Node node : config().postgresNodes()) {
            if (sql(host(node), "select pg_is_in_recovery()").equals("f")) {
                return host(node);
            }
        }
        throw new AssertionError("no node is the leader");
    }

    /** Asks the leader's PostgreSQL, past every proxy and client. */
    public String onLeader(String sql) throws InterruptedException {
        return sql(leader(), sql);
    }

    /** Returns what changes with every promotion: the timeline that is written to. */
    public String timeline() throws InterruptedException {
        return onLeader("select substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)");
    }

    /** Asks a host's PostgreSQL, past every proxy and client. */
    public static String sql(LabHost host, String sql) throws InterruptedException {
        return host.exec("runuser -u postgres -- psql -XAtc \"" + sql + "\"").text();
    }

    /** Returns what a plan finds to do, a line each. */
    public List<String> remainder() throws InterruptedException {
        return look().plan().steps().stream().map(Object::toString).toList();
    }

    /** Waits until a plan finds nothing to do: what was just started may still be on its way. */
    public void awaitNothingToDo() throws InterruptedException {
        await("nothing is left to do", () -> remainder().isEmpty(), () -> String.join("\n", remainder()));
    }

    void deploy() throws InterruptedException {
        try (PgHa pgha = open()) {
            pgha.cluster(config()).plan().apply();
        }
    }

    /**
     * Stops the leader while the others follow it, and may not take over because their Patroni stands still. All of
     * them end at one position: when they are started again, whoever leads, no other has to be rewound.
     */
    void stopAtOnePosition() throws InterruptedException {
        LabHost leader = leader();
        for (Node node : config().postgresNodes()) {
            if (!host(node).equals(leader)) {
                host(node).freeze("patroni");
            }
        }
        leader.exec("systemctl stop patroni").text();
    }

    /** Waits until one host has each virtual IP, also that which is in no network of the hosts. */
    public void awaitVirtualIps() throws InterruptedException {
        for (Vip vip : config().topology().vips()) {
            String address = "ip -o address show dev eth0 to " + vip.address();
            await("one host has " + vip, () -> {
                int holders = 0;
                for (LabHost host : lab.hosts()) {
                    holders += host.exec(address).text().isEmpty() ? 0 : 1;
                }
                return holders == 1;
            });
        }
    }
}
