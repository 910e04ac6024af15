package io.pgha.certs;

import io.pgha.Cluster;
import io.pgha.Given;
import io.pgha.certs.internal.authority.Authority;
import io.pgha.certs.internal.authority.Failure;
import io.pgha.certs.internal.cluster.ClusterPki;
import io.pgha.certs.internal.cluster.Inspection;
import io.pgha.certs.internal.cluster.Steps;
import io.pgha.client.Async;
import io.pgha.client.DaemonThreads;
import io.pgha.plan.Plan;
import io.pgha.port.CertificateBundle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;

/**
 * Shows the certificates of a cluster, in files and as the daemons show them, and replaces them while the cluster
 * serves.
 *
 * <pre>{@code
 * try (CertsClient certs = Certs.client(cluster)) {
 *     System.out.println(certs.status());
 *     certs.rotateLeaves().apply();
 *     do {
 *         certs.rotateCa().apply();
 *         // give certs.trustedCertificates() to the applications
 *     } while (certs.rotating());
 * }
 * }</pre>
 *
 * <p>Each rotation is a plan, made like every other one: what it wants is put on record in the {@link CaStore} when the
 * plan is applied, and a plan that was cut short is finished by the next {@link Cluster#plan()}. Nodes take turns, a
 * daemon that can reloads, and a node counts as done when a TLS handshake shows its new certificate. Only etcd must
 * restart, and only to trust other authorities: one member at a time, while all others are healthy.
 *
 * <p>Thread-safe. Each method that blocks can be interrupted and has a twin that returns a future; cancelling that
 * future interrupts the work. Threads are daemons named {@code pgha-certs-…} and end with {@link #close()}.
 */
public final class CertsClient implements AutoCloseable {
    private final Cluster cluster;
    private final ClusterPki pki;
    private final CertsClientOptions options;
    private final ExecutorService threads = DaemonThreads.pool("pgha-certs");
    private final Async async = new Async(threads, CertsClient::closed);

    CertsClient(Cluster cluster, ClusterPki pki, CertsClientOptions options) {
        this.cluster = cluster;
        this.pki = pki;
        this.options = options;
    }

    /**
     * Looks at every certificate: the file on the node, and what the daemon shows in a TLS handshake at each of its
     * ports. Reads only; does network I/O and blocks: one command and up to four handshakes a node, all nodes at once.
     * A node that cannot be reached is a defect of its certificates, not an exception.
     *
     * @return the certificates
     * @throws PkiException when the store cannot be read
     * @throws io.pgha.host.HostException when a node's machine forbids tunnels, so that none of its daemons can be
     *     asked (code {@code ssh.forwarding-forbidden})
     * @throws InterruptedException when the thread is interrupted
     */
    public CertsView status() throws InterruptedException {
        return inspection(pki.fresh()).view();
    }

    /**
     * Looks at every certificate, later; the twin of {@link #status()}.
     *
     * @return completes with the view, or with the exception that {@link #status()} would throw
     */
    public CompletableFuture<CertsView> statusAsync() {
        return async.call(this::status);
    }

    /**
     * Looks for certificates that end soon, in the file or in the daemon. Costs the same as {@link #status()}. The
     * cluster's next plan renews those that end within {@link io.pgha.model.pki.PkiConfig#renewBefore()}.
     *
     * @param within how soon
     * @return the certificates, the first to end first
     * @throws PkiException when the store cannot be read
     * @throws InterruptedException when the thread is interrupted
     */
    public List<CertificateStatus> expiring(Duration within) throws InterruptedException {
        Given.value(within, "within");
        return status().expiring(within);
    }

    /**
     * Looks for certificates that end soon, later; the twin of {@link #expiring}.
     *
     * @param within how soon
     * @return completes with the certificates, or with the exception that {@link #expiring} would throw
     */
    public CompletableFuture<List<CertificateStatus>> expiringAsync(Duration within) {
        return async.call(() -> expiring(within));
    }

    /**
     * Returns the plan that gives every daemon a new certificate and key from the same authority. Reads only, like
     * every plan; when it is applied, the next generation is put on record first. A rotation that was cut short is
     * finished by {@link Cluster#plan()}; this method begins another one.
     *
     * @return the plan
     * @throws PkiException when the store cannot be read
     * @throws io.pgha.plan.PreflightFailedException with everything that stands in the way
     * @throws InterruptedException when the thread is interrupted
     */
    public Plan rotateLeaves() throws InterruptedException {
        ClusterPki now = pki.fresh();
        return recorded(now, Steps.renew(now.kept()));
    }

    /**
     * Returns the plan of {@link #rotateLeaves()}, later.
     *
     * @return completes with the plan, or with the exception that {@link #rotateLeaves()} would throw
     */
    public CompletableFuture<Plan> rotateLeavesAsync() {
        return async.call(this::rotateLeaves);
    }

    /**
     * Returns the plan of what comes next in replacing the authority by a new one: what is left of the step under way,
     * or else the next step. Call and apply until {@link #rotating()} is false:
     *
     * <ol>
     *   <li>every node trusts both authorities. Behind this step, give {@link #trustedCertificates()} to the
     *       applications that verify PostgreSQL's certificate
     *   <li>every daemon gets a certificate of the new authority; begins only when the daemons of every node, asked by
     *       handshakes, let in whoever has one
     *   <li>no node trusts the old authority any more; begins only when every daemon shows a certificate of the new one
     *   <li>an empty plan, which puts on record that the rotation has ended and deletes the old authority's key; given
     *       only when nothing is left to do anywhere and every daemon, asked by a handshake, refuses who has a
     *       certificate of the old one, or that has ended
     * </ol>
     *
     * <p>The state is in the {@link CaStore}: another process can go on where this one was killed. Reads only, like
     * every plan; the step is put on record when its plan is applied.
     *
     * @return the plan
     * @throws PkiException when a node has not taken over the step before (code {@code pki.not-proved}), or when the
     *     store cannot be read
     * @throws io.pgha.plan.PreflightFailedException with everything that stands in the way
     * @throws InterruptedException when the thread is interrupted
     */
    public Plan rotateCa() throws InterruptedException {
        return next(() -> ClusterPki.create(cluster.config(), pki.clock()));
    }

    /**
     * Returns the plan of {@link #rotateCa()}, later.
     *
     * @return completes with the plan, or with the exception that {@link #rotateCa()} would throw
     */
    public CompletableFuture<Plan> rotateCaAsync() {
        return async.call(() -> rotateCa());
    }

    /**
     * Returns the plan of what comes next in replacing the authority by a given one, for example one of the company;
     * otherwise the same as {@link #rotateCa()}.
     *
     * @param successor the authority that will issue, from {@link CertificateAuthority#open}; the same one in every
     *     step
     * @return the plan
     * @throws PkiException when it is the cluster's authority already, or another one is being brought in (code
     *     {@code pki.authority-exists}), it is not valid now ({@code pki.authority-expired},
     *     {@code pki.authority-not-yet-valid}), and as {@link #rotateCa()} does
     * @throws io.pgha.plan.PreflightFailedException with everything that stands in the way
     * @throws InterruptedException when the thread is interrupted
     */
    public Plan rotateCa(CertificateAuthority successor) throws InterruptedException {
        Given.value(successor, "successor");
        KeptAuthority kept = pki.fresh().kept();
        CertificateBundle given = successor.bundle();
        boolean expected = kept.rotation() == CaRotation.SETTLED
                ? !kept.authority().equals(given)
                : kept.successor().orElse(kept.authority()).equals(given);
        if (!expected) {
            throw Failure.of(
                    "pki.authority-exists",
                    kept.rotation() == CaRotation.SETTLED
                            ? "The authority " + successor + " is the cluster's already"
                            : "Another authority than " + successor + " is being brought in, step " + kept.rotation(),
                    kept.rotation() == CaRotation.SETTLED
                            ? "Give another authority, or none for a new one."
                            : "Finish that rotation with rotateCa(), then begin this one.");
        }
        return next(() -> {
            successor.authority().requireValid(pki.clock().instant());
            return successor.authority();
        });
    }

    /**
     * Returns the plan of {@link #rotateCa(CertificateAuthority)}, later.
     *
     * @param successor the authority that will issue
     * @return completes with the plan, or with the exception that {@link #rotateCa(CertificateAuthority)} would throw
     */
    public CompletableFuture<Plan> rotateCaAsync(CertificateAuthority successor) {
        return async.call(() -> rotateCa(successor));
    }

    /**
     * Returns whether the authority is being replaced. Reads the store, asks no host.
     *
     * @return true from the first step's beginning until the last one is on record
     * @throws PkiException when the store cannot be read
     */
    public boolean rotating() {
        return pki.fresh().kept().rotation() != CaRotation.SETTLED;
    }

    /**
     * Returns the certificates that whoever verifies a daemon of the cluster should trust now. Reads the store, asks no
     * host.
     *
     * @return PEM; two authorities while one is being replaced
     * @throws PkiException when the store cannot be read
     */
    public String trustedCertificates() {
        return pki.fresh().kept().trustedCertificates();
    }

    @Override
    public String toString() {
        return "Client of the certificates of " + cluster.config().name() + (threads.isShutdown() ? ", closed" : "");
    }

    /** Ends all calls, blocking and future, and all threads. Safe to call twice. */
    @Override
    public void close() {
        async.close();
        threads.shutdownNow();
    }

    private Plan next(Supplier<Authority> successor) throws InterruptedException {
        ClusterPki now = pki.fresh();
        KeptAuthority kept = now.kept();
        if (kept.rotation() == CaRotation.SETTLED) {
            return recorded(now, Steps.trust(kept, successor.get().bundle()));
        }
        Plan left = cluster.plan();
        if (!left.isEmpty()) {
            return left;
        }
        Inspection inspection = inspection(now);
        inspection.requireHealthy();
        if (kept.rotation() == CaRotation.TRUSTING) {
            Authority incoming = Authority.open(kept.successor().orElseThrow(), kept.generation(), pki.clock());
            inspection.requireTrustIn(incoming);
            return recorded(now, Steps.issue(kept));
        }
        if (kept.rotation() == CaRotation.ISSUING) {
            return recorded(now, Steps.drop(kept));
        }
        Authority outgoing = Authority.open(kept.predecessor().orElseThrow(), kept.generation(), pki.clock());
        // Of one that has ended there is no certificate to be let in with, and none can be issued to try it.
        if (!outgoing.hasEnded(pki.clock().instant())) {
            inspection.requireRefusalOf(outgoing);
        }
        return recorded(now, Steps.settle(kept));
    }

    private Plan recorded(ClusterPki now, KeptAuthority wanted) throws InterruptedException {
        KeptAuthority before = now.kept();
        return cluster.plan(
                now.as(wanted), () -> now.store().replace(cluster.config().name(), before, wanted));
    }

    private Inspection inspection(ClusterPki now) {
        return new Inspection(cluster, now, options, async);
    }

    private static PkiException closed() {
        return Failure.of("pki.closed", "The client was closed", "Open another one with Certs.client(cluster).");
    }
}
