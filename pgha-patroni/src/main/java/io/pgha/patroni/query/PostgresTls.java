package io.pgha.patroni.query;

/** How a connection to PostgreSQL is protected. */
public enum PostgresTls {
    /** Encrypted, with the authority's signature and the server's name verified, as libpq's {@code verify-full}. */
    VERIFIED,
    /** Not at all; for servers without TLS. */
    NONE
}
