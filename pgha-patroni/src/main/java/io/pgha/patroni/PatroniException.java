package io.pgha.patroni;

import io.pgha.PgHaException;
import io.pgha.Problem;
import io.pgha.patroni.config.ConfigRefusedException;
import io.pgha.patroni.operation.FailoverRefusedException;
import io.pgha.patroni.operation.OperationFailedException;
import io.pgha.patroni.operation.SwitchoverRefusedException;
import io.pgha.patroni.query.QueryFailedException;
import org.jspecify.annotations.Nullable;

/**
 * Reports that Patroni could not be asked, or did not do what it was asked.
 *
 * <p>The constants are the codes; every one that is not described as changing something changed nothing. Immutable and
 * thread-safe.
 */
public class PatroniException extends PgHaException {
    private static final long serialVersionUID = 1L;

    /** No member could be connected to, or none answered in time. */
    public static final String UNREACHABLE = "patroni.unreachable";

    /**
     * TLS failed: an untrusted certificate, one for another name, or a client certificate that is missing or
     * unreadable.
     */
    public static final String TLS = "patroni.tls";

    /** Members answer connections but hang up on requests: Patroni does so when it cannot reach etcd. */
    public static final String DCS_UNAVAILABLE = "patroni.dcs-unavailable";

    /** User and password, the client certificate or the source address were not accepted. */
    public static final String UNAUTHORIZED = "patroni.unauthorized";

    /** The answer is not one that Patroni gives. */
    public static final String BAD_ANSWER = "patroni.bad-answer";

    /** There is no leader to act on. */
    public static final String NO_LEADER = "patroni.no-leader";

    /** The switchover did not happen ({@link SwitchoverRefusedException}). */
    public static final String SWITCHOVER_REFUSED = "patroni.switchover-refused";

    /** Something was asked for, and whether it happens cannot be found out ({@link OutcomeUnknownException}). */
    public static final String OUTCOME_UNKNOWN = "patroni.outcome-unknown";

    /** Patroni did not do what it was asked ({@link OperationFailedException} says on which members). */
    public static final String OPERATION_FAILED = "patroni.operation-failed";

    /** A failover did not happen ({@link FailoverRefusedException}). */
    public static final String FAILOVER_REFUSED = "patroni.failover-refused";

    /** There is no member of that name or role. */
    public static final String NO_SUCH_MEMBER = "patroni.no-such-member";

    /** A member's Patroni is too old for what was asked; the message names the first version that can do it. */
    public static final String UNSUPPORTED = "patroni.unsupported";

    /** Maintenance mode is on, and what was asked needs it off. */
    public static final String PAUSED = "patroni.paused";

    /** An edit of the dynamic configuration was not sent ({@link ConfigRefusedException}). */
    public static final String CONFIG_REFUSED = "patroni.config-refused";

    /** Somebody else changed the dynamic configuration at the same time; this edit was not stored. */
    public static final String CONFIG_CONFLICT = "patroni.config-conflict";

    /** The cluster runs, or is not the one that was named; the DCS still has it. */
    public static final String REMOVE_REFUSED = "patroni.remove-refused";

    /** The client has no way to the DCS, which it needs for this. */
    public static final String NO_DCS = "patroni.no-dcs";

    /** PostgreSQL could not be connected to, or did not do the query ({@link QueryFailedException}). */
    public static final String QUERY_FAILED = "patroni.query-failed";

    /** The client was closed. */
    public static final String CLOSED = "patroni.closed";

    /**
     * Creates the exception.
     *
     * @param problem what is wrong and what to do
     * @param cause the failure underneath, or null
     */
    public PatroniException(Problem problem, @Nullable Throwable cause) {
        super(problem, cause);
    }
}
