package io.pgha.certs;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/**
 * Who signs leaves.
 *
 * @param certificate the authority's certificate
 * @param key its key
 * @param generation the generation of what it issues
 */
record Issuer(X509Certificate certificate, PrivateKey key, int generation) {}
