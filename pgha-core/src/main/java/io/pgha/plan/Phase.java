package io.pgha.plan;

/** Orders the stages of a plan; a phase starts when the one before it has ended on every node. */
public enum Phase {
    /** Packages, users, kernel settings, clocks. */
    OS,
    /** Certificates and keys. */
    TRUST,
    /** The etcd cluster. */
    DCS,
    /** PostgreSQL and Patroni. */
    DATABASE,
    /** HAProxy and keepalived. */
    PROXY,
    /** What must come last, and proof that the whole works. */
    VERIFY
}
