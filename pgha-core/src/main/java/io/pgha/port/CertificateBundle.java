package io.pgha.port;

import io.pgha.secret.Secret;

/**
 * A certificate and its private key, both PEM. Immutable; {@code toString} hides the key.
 *
 * @param certificate the leaf, followed by intermediates where there are any
 * @param privateKey the key, PKCS#8
 */
public record CertificateBundle(String certificate, Secret privateKey) {}
