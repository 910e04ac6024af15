package io.pgha.port;

import io.pgha.model.ClusterConfig;
import io.pgha.secret.Secret;
import io.pgha.secret.SecretStore;

/**
 * A user of a cluster's etcd, for {@link io.pgha.model.etcd.EtcdAuthentication#ENABLED}: the same for who makes it and
 * for who logs in. Immutable and thread-safe.
 *
 * @param name the user's name
 * @param password the user's password
 */
public record EtcdUser(String name, Secret password) {
    private static final int LENGTH = 32;

    /**
     * Returns etcd's superuser, whose password is kept as {@code etcd.root}. May do the store's I/O.
     *
     * @param secrets the store, narrowed to the cluster; the password is made where it has none yet
     * @return the user
     */
    public static EtcdUser root(SecretStore secrets) {
        return new EtcdUser("root", secrets.obtain("etcd.root", () -> Secret.random(LENGTH)));
    }

    /**
     * Returns the user as whom a cluster's Patroni logs in, named like the cluster, whose password is kept as
     * {@code etcd.patroni}. May do the store's I/O.
     *
     * @param config the cluster
     * @param secrets the store, narrowed to the cluster; the password is made where it has none yet
     * @return the user
     */
    public static EtcdUser patroni(ClusterConfig config, SecretStore secrets) {
        return new EtcdUser(config.name(), secrets.obtain("etcd.patroni", () -> Secret.random(LENGTH)));
    }
}
