package io.pgha.certs.internal.authority;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;

/**
 * Who signs leaves.
 *
 * @param lineage the authority's certificate and those of its issuers
 * @param key its key
 * @param generation the generation of what it issues
 */
record Issuer(Lineage lineage, PrivateKey key, int generation) {

    X509Certificate certificate() {
        return lineage.own();
    }

    /** Returns when what it signs is worth nothing any more, for its own certificate or an issuer's has ended. */
    Instant end() {
        return lineage.end();
    }
}
