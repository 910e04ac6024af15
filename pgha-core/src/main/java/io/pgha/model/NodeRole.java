package io.pgha.model;

/** Names what runs on a node. */
public enum NodeRole {
    /** A member of the etcd cluster that Patroni keeps its state in. */
    ETCD,
    /** PostgreSQL under Patroni. */
    POSTGRES,
    /** HAProxy, and keepalived where the topology has a virtual IP. */
    HAPROXY
}
