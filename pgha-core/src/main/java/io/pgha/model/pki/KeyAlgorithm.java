package io.pgha.model.pki;

/** Names the kinds of private key. */
public enum KeyAlgorithm {
    /** Elliptic curve P-256; the default. */
    EC_P256,
    /** Elliptic curve P-384. */
    EC_P384,
    /** RSA, 3072 bits. */
    RSA_3072,
    /** RSA, 4096 bits. */
    RSA_4096
}
