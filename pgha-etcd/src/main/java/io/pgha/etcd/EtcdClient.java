package io.pgha.etcd;

import io.pgha.Cluster;
import io.pgha.Given;
import io.pgha.PgHaException;
import io.pgha.client.Async;
import io.pgha.etcd.internal.dcs.DcsKeys;
import io.pgha.etcd.internal.member.Machines;
import io.pgha.etcd.internal.member.Membership;
import io.pgha.etcd.internal.member.Replacement;
import io.pgha.etcd.internal.member.Restoration;
import io.pgha.etcd.internal.member.Snapshots;
import io.pgha.etcd.internal.member.Space;
import io.pgha.etcd.internal.rpc.Failures;
import io.pgha.etcd.internal.rpc.Login;
import io.pgha.etcd.internal.rpc.Rpc;
import io.pgha.etcd.internal.rpc.Session;
import io.pgha.run.MaintenanceClosedException;
import io.pgha.run.MaintenanceGate;
import io.pgha.run.WhenClosed;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * A client of one etcd cluster, by gRPC.
 *
 * <p>Reads are asked of one member after the other until one answers; a change is sent once, to a member that has just
 * shown that it has a quorum. What would leave the cluster without a quorum, or act on one that is not healthy, is
 * refused with what would have happened, and nothing is changed. Each operation is a blocking method that can be
 * interrupted, with a twin that returns a future; cancelling that future interrupts the operation.
 *
 * <p>What users of the databases may feel is refused while maintenance is closed, with
 * {@link MaintenanceClosedException}, unless {@link WhenClosed} says otherwise: {@link #restore}, which stops all
 * databases; {@link #defragment} and {@link #reclaimSpace}, because a member with a large database may not answer for
 * longer than Patroni's leader may wait. What mends the cluster, or is over at once, is never refused:
 * {@link #replaceMember}, {@link #addMember}, {@link #promoteMember}, {@link #removeMember}, {@link #moveLeader},
 * {@link #compact}, {@link #disarmAlarms}, and {@link #reclaimSpace} where etcd takes no writes any more.
 *
 * <p>Thread-safe. Opened with {@link Etcd#client}; its threads are daemons named {@code pgha-etcd-…} and end with
 * {@link #close()}.
 */
public final class EtcdClient implements AutoCloseable {
    private static final Duration LEARN = Duration.ofMinutes(2);

    private final Session session;
    private final Async async;
    private final Rpc rpc;
    private final Membership membership;
    private final Space space;
    private final Snapshots snapshots;
    private final MaintenanceGate maintenance;
    private final Optional<Cluster> cluster;
    private final String endpoints;

    EtcdClient(EtcdClientOptions options, Login login, Optional<Cluster> cluster, Runnable afterClose) {
        this.session = new Session(options, login, afterClose);
        this.async = session.async();
        this.rpc = session.rpc();
        this.maintenance = options.maintenance();
        this.cluster = cluster;
        this.endpoints = options.endpoints().stream().map(URI::toString).collect(Collectors.joining(", "));
        this.membership = new Membership(rpc, session.gateway(), async, options.requestTimeout());
        this.space = new Space(
                rpc,
                membership,
                cluster.map(c -> OptionalLong.of(c.config().etcd().quotaBackendBytes()))
                        .orElse(OptionalLong.empty()));
        this.snapshots = new Snapshots(rpc);
    }

    Session session() {
        return session;
    }

    /**
     * Returns the members. Does network I/O and blocks.
     *
     * @return voters and learners, as etcd lists them
     * @throws EtcdException {@code etcd.unreachable}, {@code etcd.no-quorum}, {@code etcd.tls} or
     *     {@code etcd.unauthorized}
     * @throws InterruptedException when the thread is interrupted
     */
    public List<EtcdMember> members() throws InterruptedException {
        return membership.members();
    }

    /**
     * Returns the members, later; the twin of {@link #members()}.
     *
     * @return completes with the members, or with the exception that the twin would throw
     */
    public CompletableFuture<List<EtcdMember>> membersAsync() {
        return async.call(this::members);
    }

    /**
     * Asks every member at once how it is: through gRPC, with a read that needs a quorum, and through the gateway
     * {@code /v3} that Patroni uses. Does network I/O and blocks.
     *
     * @return leader, sizes, raft index and lag, alarms, version and health of each member
     * @throws EtcdException as {@link #members()}; a member that does not answer is no exception but in the status
     * @throws InterruptedException when the thread is interrupted
     */
    public EtcdStatus status() throws InterruptedException {
        return membership.status();
    }

    /**
     * Asks every member how it is, later; the twin of {@link #status()}.
     *
     * @return completes with the status, or with the exception that the twin would throw
     */
    public CompletableFuture<EtcdStatus> statusAsync() {
        return async.call(this::status);
    }

    /**
     * Announces a new member, as a learner: it has no vote, so it does no harm until it is promoted. It is for the
     * caller to start etcd there with the initial cluster state {@code existing}. Does network I/O and blocks.
     *
     * @param peerUrl where the other members will reach it, for example {@code https://10.0.0.4:2380}
     * @return the learner, which has no name before it has started
     * @throws EtcdException {@code etcd.unhealthy} unless all members are healthy and none is a learner;
     *     {@code etcd.refused}; {@code etcd.outcome-unknown}
     * @throws InterruptedException when the thread is interrupted
     */
    public EtcdMember addMember(URI peerUrl) throws InterruptedException {
        Given.value(peerUrl, "peerUrl");
        return membership.addLearner(peerUrl);
    }

    /**
     * Announces a new member, later; the twin of {@link #addMember}.
     *
     * @param peerUrl where the other members will reach it
     * @return completes with the learner, or with the exception that the twin would throw
     */
    public CompletableFuture<EtcdMember> addMemberAsync(URI peerUrl) {
        return async.call(() -> addMember(peerUrl));
    }

    /**
     * Waits until a learner has learnt what the leader knows, at most two minutes, and gives it its vote. Does network
     * I/O and blocks.
     *
     * @param member its name or id
     * @return the voter
     * @throws EtcdException {@code etcd.timeout} when it does not keep up: it stays a learner; {@code etcd.no-member}
     * @throws InterruptedException when the thread is interrupted
     */
    public EtcdMember promoteMember(String member) throws InterruptedException {
        Given.value(member, "member");
        return membership.promote(member, LEARN);
    }

    /**
     * Promotes a learner, later; the twin of {@link #promoteMember}.
     *
     * @param member its name or id
     * @return completes with the voter, or with the exception that the twin would throw
     */
    public CompletableFuture<EtcdMember> promoteMemberAsync(String member) {
        return async.call(() -> promoteMember(member));
    }

    /**
     * Removes a member; a leader hands over first. Its data stays where it is. Does network I/O and blocks.
     *
     * @param member its name or id
     * @throws EtcdException {@code etcd.quorum} when too few of those that are left serve; {@code etcd.no-member}
     * @throws InterruptedException when the thread is interrupted
     */
    public void removeMember(String member) throws InterruptedException {
        Given.value(member, "member");
        membership.remove(member);
    }

    /**
     * Removes a member, later; the twin of {@link #removeMember}.
     *
     * @param member its name or id
     * @return completes when it is gone, or with the exception that the twin would throw
     */
    public CompletableFuture<Void> removeMemberAsync(String member) {
        return async.call(() -> {
            removeMember(member);
            return null;
        });
    }

    /**
     * Makes a member the leader, and waits until it is. Does network I/O and blocks.
     *
     * @param member its name or id
     * @throws EtcdException {@code etcd.no-member} when it does not serve or has no vote; {@code etcd.timeout}
     * @throws InterruptedException when the thread is interrupted
     */
    public void moveLeader(String member) throws InterruptedException {
        Given.value(member, "member");
        membership.moveLeader(member);
    }

    /**
     * Makes a member the leader, later; the twin of {@link #moveLeader}.
     *
     * @param member its name or id
     * @return completes when it leads, or with the exception that the twin would throw
     */
    public CompletableFuture<Void> moveLeaderAsync(String member) {
        return async.call(() -> {
            moveLeader(member);
            return null;
        });
    }

    /**
     * Forgets the history of all keys up to now; the files do not become smaller before {@link #defragment()}. Does
     * network I/O and blocks.
     *
     * @return the revision up to which history is gone
     * @throws EtcdException as {@link #members()}
     * @throws InterruptedException when the thread is interrupted
     */
    public long compact() throws InterruptedException {
        return space.compact();
    }

    /**
     * Compacts, later; the twin of {@link #compact()}.
     *
     * @return completes with the revision, or with the exception that the twin would throw
     */
    public CompletableFuture<Long> compactAsync() {
        return async.call(this::compact);
    }

    /**
     * Gives the free pages of the database's files back, one member after the other, the leader last, each only while
     * all members are healthy: a member does not answer meanwhile. Does network I/O and blocks, at most five minutes a
     * member.
     *
     * @return what each member has given back, in the order in which it was done
     * @throws EtcdException {@code etcd.unhealthy} when a member is not healthy: none is touched after that
     * @throws MaintenanceClosedException {@code maintenance.closed}: nothing was touched
     * @throws InterruptedException when the thread is interrupted
     */
    public List<Defragmentation> defragment() throws InterruptedException {
        return defragment(WhenClosed.refuse());
    }

    /**
     * Gives the free pages back, even or later where maintenance is closed; otherwise as {@link #defragment()}.
     *
     * @param whenClosed what to do while maintenance is closed: {@code WhenClosed.override("the reason")}, which is
     *     logged, or {@code WhenClosed.atNextOpening()}
     * @return what each member has given back, in the order in which it was done
     * @throws EtcdException as {@link #defragment()}
     * @throws MaintenanceClosedException {@code maintenance.closed}: no further member was touched
     * @throws InterruptedException when the thread is interrupted
     */
    public List<Defragmentation> defragment(WhenClosed whenClosed) throws InterruptedException {
        Given.value(whenClosed, "whenClosed");
        MaintenanceGate.Pass pass = maintenance.enter("The defragmentation of etcd", whenClosed);
        return space.defragment(member -> pass.check("The defragmentation of " + member));
    }

    /**
     * Defragments, later; the twin of {@link #defragment()}.
     *
     * @return completes with what was given back, or with the exception that the twin would throw
     */
    public CompletableFuture<List<Defragmentation>> defragmentAsync() {
        return defragmentAsync(WhenClosed.refuse());
    }

    /**
     * Defragments, later; the twin of {@link #defragment(WhenClosed)}.
     *
     * @param whenClosed what to do while maintenance is closed
     * @return completes with what was given back, or with the exception that the twin would throw
     */
    public CompletableFuture<List<Defragmentation>> defragmentAsync(WhenClosed whenClosed) {
        return async.call(() -> defragment(whenClosed));
    }

    /**
     * Disarms all alarms. Does network I/O and blocks.
     *
     * @return what was disarmed, member and alarm
     * @throws EtcdException {@code etcd.no-space} when the quota is known (the client was opened for a cluster) and a
     *     full database still has its size
     * @throws InterruptedException when the thread is interrupted
     */
    public List<String> disarmAlarms() throws InterruptedException {
        return space.disarmAlarms();
    }

    /**
     * Disarms all alarms, later; the twin of {@link #disarmAlarms()}.
     *
     * @return completes with what was disarmed, or with the exception that the twin would throw
     */
    public CompletableFuture<List<String>> disarmAlarmsAsync() {
        return async.call(this::disarmAlarms);
    }

    /**
     * Makes a cluster that has run into NOSPACE take writes again: compacts, defragments, disarms. Does network I/O and
     * blocks.
     *
     * @return what each member has given back
     * @throws EtcdException as {@link #defragment()} and {@link #disarmAlarms()}
     * @throws MaintenanceClosedException {@code maintenance.closed}: no member has an alarm, so that it can wait
     * @throws InterruptedException when the thread is interrupted
     */
    public List<Defragmentation> reclaimSpace() throws InterruptedException {
        return reclaimSpace(WhenClosed.refuse());
    }

    /**
     * Reclaims space, even or later where maintenance is closed; otherwise as {@link #reclaimSpace()}. Where a member
     * has an alarm it never waits.
     *
     * @param whenClosed what to do while maintenance is closed: {@code WhenClosed.override("the reason")}, which is
     *     logged, or {@code WhenClosed.atNextOpening()}
     * @return what each member has given back
     * @throws EtcdException as {@link #defragment()} and {@link #disarmAlarms()}
     * @throws MaintenanceClosedException {@code maintenance.closed}: no member has an alarm, so that it can wait
     * @throws InterruptedException when the thread is interrupted
     */
    public List<Defragmentation> reclaimSpace(WhenClosed whenClosed) throws InterruptedException {
        Given.value(whenClosed, "whenClosed");
        boolean full = maintenance.closed().isPresent()
                && membership.status().members().stream()
                        .anyMatch(each -> !each.alarms().isEmpty());
        List<Defragmentation> done;
        if (full) {
            space.compact();
            done = space.defragment(member -> {});
        } else {
            MaintenanceGate.Pass pass = maintenance.enter("The defragmentation of etcd", whenClosed);
            space.compact();
            done = space.defragment(member -> pass.check("The defragmentation of " + member));
        }
        space.disarmAlarms();
        return done;
    }

    /**
     * Reclaims space, later; the twin of {@link #reclaimSpace()}.
     *
     * @return completes with what was given back, or with the exception that the twin would throw
     */
    public CompletableFuture<List<Defragmentation>> reclaimSpaceAsync() {
        return reclaimSpaceAsync(WhenClosed.refuse());
    }

    /**
     * Reclaims space, later; the twin of {@link #reclaimSpace(WhenClosed)}.
     *
     * @param whenClosed what to do while maintenance is closed
     * @return completes with what was given back, or with the exception that the twin would throw
     */
    public CompletableFuture<List<Defragmentation>> reclaimSpaceAsync(WhenClosed whenClosed) {
        return async.call(() -> reclaimSpace(whenClosed));
    }

    /**
     * Saves all that etcd has to a file, readable by its owner only, and checks that it is whole; a file of that name
     * is replaced in one go. Does network and file I/O and blocks, at most half an hour.
     *
     * @param file where to, in a directory that exists
     * @return the snapshot
     * @throws EtcdException {@code etcd.snapshot} when it cannot be written or is not whole; and the codes of
     *     {@link #members()}
     * @throws InterruptedException when the thread is interrupted
     */
    public EtcdSnapshot snapshot(Path file) throws InterruptedException {
        Given.value(file, "file");
        return snapshots.save(file);
    }

    /**
     * Saves a snapshot, later; the twin of {@link #snapshot}.
     *
     * @param file where to
     * @return completes with the snapshot, or with the exception that the twin would throw
     */
    public CompletableFuture<EtcdSnapshot> snapshotAsync(Path file) {
        return async.call(() -> snapshot(file));
    }

    /**
     * Replaces a member that is dead or has lost its data: removes it, wipes its node's etcd data, lets it join as a
     * learner and gives it its vote when it has learnt all. Takes the cluster's lock. What an attempt that was cut
     * short has left is taken up. Does network I/O and blocks, for minutes at most.
     *
     * @param node the name of the node, which must be reachable by SSH and have etcd installed
     * @return the new member
     * @throws EtcdException {@code etcd.refused} for one that serves; {@code etcd.quorum} or {@code etcd.unhealthy}
     *     unless all others serve; {@code etcd.timeout}; {@code etcd.no-hosts} when the client was opened by its
     *     endpoints
     * @throws PgHaException {@link io.pgha.port.OperationLock#LOCKED} when somebody else works on the cluster
     * @throws InterruptedException when the thread is interrupted
     */
    public EtcdMember replaceMember(String node) throws InterruptedException {
        Given.value(node, "node");
        Cluster own = hosts("replace a member");
        return new Replacement(own, membership, new Machines(own, async)).replace(node);
    }

    /**
     * Replaces a member, later; the twin of {@link #replaceMember}.
     *
     * @param node the name of the node
     * @return completes with the new member, or with the exception that the twin would throw
     */
    public CompletableFuture<EtcdMember> replaceMemberAsync(String node) {
        return async.call(() -> replaceMember(node));
    }

    /**
     * Makes a new etcd cluster of a snapshot, on all etcd nodes of the cluster, for when the data of a majority is
     * lost. Takes the cluster's lock, lays the snapshot out on every node, stops Patroni with its databases, starts
     * etcd on the snapshot, and starts Patroni, the database that knows most first. The old data stays in
     * {@code /var/lib/etcd/CLUSTER.before-restore}. The databases lose nothing but are down meanwhile; Patroni's
     * dynamic configuration is that of the snapshot, so plan afterwards. Does network I/O and blocks, for minutes;
     * reads the whole file into memory.
     *
     * @param file the snapshot
     * @return the status of the new etcd cluster, when every database runs again
     * @throws EtcdException {@code etcd.snapshot} for a damaged file; {@code etcd.refused} while etcd serves;
     *     {@code etcd.timeout} with what did not come back; {@code etcd.no-hosts} when the client was opened by its
     *     endpoints
     * @throws PgHaException {@link io.pgha.port.OperationLock#LOCKED} when somebody else works on the cluster;
     *     {@code etcd.host-failed} when a command failed on a node
     * @throws MaintenanceClosedException {@code maintenance.closed}: nothing was touched
     * @throws InterruptedException when the thread is interrupted: call again, or where etcd serves already apply a
     *     plan, which starts what is stopped
     */
    public EtcdStatus restore(Path file) throws InterruptedException {
        Given.value(file, "file");
        return restore(file, WhenClosed.refuse());
    }

    /**
     * Restores a snapshot, even or later where maintenance is closed; otherwise as {@link #restore(Path)}.
     *
     * @param file the snapshot
     * @param whenClosed what to do while maintenance is closed: {@code WhenClosed.override("the reason")}, which is
     *     logged, or {@code WhenClosed.atNextOpening()}
     * @return the status of the new etcd cluster, when every database runs again
     * @throws EtcdException as {@link #restore(Path)}
     * @throws PgHaException as {@link #restore(Path)}
     * @throws MaintenanceClosedException {@code maintenance.closed}: nothing was stopped
     * @throws InterruptedException as {@link #restore(Path)}
     */
    public EtcdStatus restore(Path file, WhenClosed whenClosed) throws InterruptedException {
        Given.value(file, "file");
        Given.value(whenClosed, "whenClosed");
        Cluster own = hosts("restore a snapshot");
        MaintenanceGate.Pass pass = maintenance.enter(
                "The restore of the etcd of " + own.config().name() + ", which stops all databases,", whenClosed);
        return new Restoration(own, rpc, membership, new Machines(own, async), keys(own)).restore(file, pass);
    }

    /**
     * Restores a snapshot, later; the twin of {@link #restore(Path)}.
     *
     * @param file the snapshot
     * @return completes with the status, or with the exception that the twin would throw
     */
    public CompletableFuture<EtcdStatus> restoreAsync(Path file) {
        return restoreAsync(file, WhenClosed.refuse());
    }

    /**
     * Restores a snapshot, later; the twin of {@link #restore(Path, WhenClosed)}.
     *
     * @param file the snapshot
     * @param whenClosed what to do while maintenance is closed
     * @return completes with the status, or with the exception that the twin would throw
     */
    public CompletableFuture<EtcdStatus> restoreAsync(Path file, WhenClosed whenClosed) {
        return async.call(() -> restore(file, whenClosed));
    }

    /**
     * Returns what Patroni keeps of a cluster. No I/O.
     *
     * @param namespace Patroni's {@code namespace}, {@code /service} by default
     * @param scope Patroni's {@code scope}, the cluster's name
     * @return the view, open as long as this client
     */
    public Dcs dcs(String namespace, String scope) {
        Given.value(namespace, "namespace");
        Given.value(scope, "scope");
        return new Dcs(new DcsKeys(rpc, async, namespace, scope), async);
    }

    /**
     * Returns what Patroni keeps of the cluster that this client was opened for. No I/O.
     *
     * @return the view, open as long as this client
     * @throws EtcdException {@code etcd.no-hosts} when it was opened by its endpoints
     */
    public Dcs dcs() {
        return new Dcs(keys(hosts("read what Patroni keeps")), async);
    }

    private DcsKeys keys(Cluster own) {
        return new DcsKeys(
                rpc, async, own.config().patroni().namespace(), own.config().name());
    }

    private Cluster hosts(String operation) {
        return cluster.orElseThrow(() -> Failures.of(
                EtcdException.NO_HOSTS,
                "This client knows members' addresses but not the cluster: it cannot " + operation,
                "Open it with Etcd.client(cluster)."));
    }

    @Override
    public String toString() {
        return "Client of etcd "
                + cluster.map(own -> "of " + own.config().name()).orElse("at " + endpoints);
    }

    /** Ends all calls with {@code etcd.closed}, and all threads. Safe to call twice. */
    @Override
    public void close() {
        session.close();
    }
}
