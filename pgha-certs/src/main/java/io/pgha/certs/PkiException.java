package io.pgha.certs;

import io.pgha.Given;
import io.pgha.PgHaException;
import io.pgha.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Reports that the certificate authority could not be made, opened or used.
 *
 * <p>Codes:
 *
 * <ul>
 *   <li>{@code pki.passphrase-wrong}: the passphrase does not open the authority's key
 *   <li>{@code pki.passphrase-empty}: the store was given no passphrase
 *   <li>{@code pki.directory-missing}: the store's directory cannot be made because its parent does not exist
 *   <li>{@code pki.store-unreadable}: the store cannot be read or written
 *   <li>{@code pki.store-damaged}: the store has something for the cluster, but no whole authority; none is made in its
 *       place
 *   <li>{@code pki.store-changed}: somebody else has replaced what the store kept; nothing was changed
 *   <li>{@code pki.authority-exists}: the cluster has another authority already
 *   <li>{@code pki.key-encryption}: the authority's key is not encrypted where it should be, or is where no passphrase
 *       is given, or in a way that pgha does not read
 *   <li>{@code pki.key-unusable}: the authority's key is of a kind that not all daemons know
 *   <li>{@code pki.key-mismatch}: the authority's certificate and key do not belong together
 *   <li>{@code pki.not-an-authority}: the certificate may not sign others
 *   <li>{@code pki.issuer-missing}: the certificate of an issuer of the authority is not given
 *   <li>{@code pki.authority-unfit}: a daemon would refuse what the authority issues
 *   <li>{@code pki.authority-expired}: the authority's certificate, or an issuer's, has ended
 *   <li>{@code pki.authority-not-yet-valid}: the authority's certificate, or an issuer's, begins later
 *   <li>{@code pki.invalid-name}: a name or address cannot be in a certificate
 *   <li>{@code pki.invalid-request}: a certificate signing request cannot be read, is not signed by its own key, or has
 *       a weak one
 *   <li>{@code pki.not-ours}: the cluster's certificates do not come from {@link Certs#component}
 *   <li>{@code pki.not-proved}: a node has not taken over what the step before brought it
 *   <li>{@code pki.closed}: the client was closed
 *   <li>{@code pki.invalid-validity}: a period of validity makes no sense
 * </ul>
 *
 * <p>Immutable and thread-safe.
 */
public class PkiException extends PgHaException {
    private static final long serialVersionUID = 1L;

    /** The code of a passphrase that does not open the authority's key. */
    public static final String PASSPHRASE_WRONG = "pki.passphrase-wrong";

    /** The code of a store that has something for the cluster, but no whole authority. */
    public static final String STORE_DAMAGED = "pki.store-damaged";

    /**
     * Creates the exception.
     *
     * @param problem what is wrong and what to do
     */
    public PkiException(Problem problem) {
        super(problem);
    }

    /**
     * Creates the exception with its cause.
     *
     * @param problem what is wrong and what to do
     * @param cause the failure underneath, or null where there is none
     */
    public PkiException(Problem problem, @Nullable Throwable cause) {
        super(problem, cause);
    }

    /**
     * Returns what a {@link CaStore} reports when something else is kept now than its caller has read.
     *
     * @param cluster the cluster's name
     * @return the exception, with the code {@code pki.store-changed}
     */
    public static PkiException changed(String cluster) {
        Given.value(cluster, "cluster");
        return new PkiException(Problem.of(
                "pki.store-changed",
                "The certificate authority of " + cluster + " has been replaced or renewed by somebody else meanwhile",
                "Plan again."));
    }
}
