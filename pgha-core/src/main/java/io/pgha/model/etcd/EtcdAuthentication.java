package io.pgha.model.etcd;

/**
 * Names whether etcd's authentication is enabled ({@code etcdctl auth enable}): users, passwords and roles, besides
 * mutual TLS.
 */
public enum EtcdAuthentication {
    /** Whoever has a certificate of the cluster's authority may do everything. */
    DISABLED,
    /**
     * Patroni logs in as a user of the cluster's name, who reads and writes below {@code /NAMESPACE/SCOPE/} and nothing
     * else; pgha logs in as {@code root}. A certificate alone lets nobody read or write. etcd from 3.4.42, 3.5.28 and
     * 3.6.9 on asks for a user for more than that, to which Patroni has an answer from 3.3.9, 4.0.8 and 4.1.1 on;
     * Debian 12 and 13 ship older ones of both.
     */
    ENABLED
}
