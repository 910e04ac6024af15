package io.pgha.etcd;

import io.pgha.PgHaException;
import io.pgha.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Reports that etcd could not be asked, or did not do what it was asked.
 *
 * <p>The constants are the codes; every one that is not described as changing something changed nothing. Immutable and
 * thread-safe.
 */
public class EtcdException extends PgHaException {
    private static final long serialVersionUID = 1L;

    /** No member could be connected to, or none answered in time. */
    public static final String UNREACHABLE = "etcd.unreachable";

    /**
     * TLS failed: an untrusted certificate, one for another name, or a client certificate that is missing or
     * unreadable.
     */
    public static final String TLS = "etcd.tls";

    /** User and password were not accepted, or the user may not do this. */
    public static final String UNAUTHORIZED = "etcd.unauthorized";

    /** Members answer, but have no leader: less than a quorum of them is up. */
    public static final String NO_QUORUM = "etcd.no-quorum";

    /** The operation was refused because it would leave the cluster without a quorum. */
    public static final String QUORUM = "etcd.quorum";

    /** The operation was refused because the cluster is not healthy. */
    public static final String UNHEALTHY = "etcd.unhealthy";

    /** There is no such member, or it cannot play that part. */
    public static final String NO_MEMBER = "etcd.no-member";

    /** The database is full: etcd takes no writes until space has been reclaimed. */
    public static final String NO_SPACE = "etcd.no-space";

    /** A snapshot is not whole, or not one of etcd's. */
    public static final String SNAPSHOT = "etcd.snapshot";

    /** The operation needs the cluster's hosts, and the client was opened without them. */
    public static final String NO_HOSTS = "etcd.no-hosts";

    /** A member did not become what was asked for in time; the message says how far it came. */
    public static final String TIMEOUT = "etcd.timeout";

    /** A change was sent and its answer was lost: look before sending it again. */
    public static final String OUTCOME_UNKNOWN = "etcd.outcome-unknown";

    /** etcd refused the request for a reason of its own, which the message has. */
    public static final String REFUSED = "etcd.refused";

    /** The client was closed. */
    public static final String CLOSED = "etcd.closed";

    /**
     * Creates the exception.
     *
     * @param problem what is wrong and what to do
     * @param cause the failure underneath, or null
     */
    public EtcdException(Problem problem, @Nullable Throwable cause) {
        super(problem, cause);
    }
}
