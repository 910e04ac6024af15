package io.pgha.certs;

/**
 * Names how far the replacement of a cluster's certificate authority has come. Each step is carried out by a plan, and
 * the next one begins only when every node has proved the one before.
 */
public enum CaRotation {
    /** One authority, and no other is known to any node. */
    SETTLED,
    /** Nodes come to trust the new authority beside the old one, which still issues. */
    TRUSTING,
    /** Nodes get certificates of the new authority; the old one is still trusted. */
    ISSUING,
    /** Nodes cease to trust the old authority. */
    DROPPING
}
