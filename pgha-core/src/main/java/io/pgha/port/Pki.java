package io.pgha.port;

import java.util.Optional;

/**
 * The cluster's certificates: "the certificate of node N for usage U". Implemented by {@code io.pgha.certs}.
 * Thread-safe; may do file I/O on the operator's machine; the authority's key never leaves it.
 */
public interface Pki {

    /**
     * Returns the certificates that every daemon trusts, as PEM.
     *
     * @return one or more PEM certificates
     */
    String trustedCertificates();

    /**
     * Issues a certificate with a new key.
     *
     * @param request for whom
     * @return certificate and key
     */
    CertificateBundle issue(CertificateRequest request);

    /**
     * Judges a certificate that a node already has: issued by this authority, for the right names, not about to expire.
     *
     * @param pem the certificate, as found on the node
     * @param request what it should be
     * @return why it must be replaced, in a few words, or empty where it is good
     */
    Optional<String> defect(String pem, CertificateRequest request);
}
