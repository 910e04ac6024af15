package io.pgha.etcd;

import io.pgha.spi.Component;

/**
 * The door to etcd. Stateless and thread-safe.
 */
public final class Etcd {
    private Etcd() {}

    /**
     * Returns the component that installs etcd on the nodes that have the role, with mutual TLS between members and towards
     * clients, and keeps it as configured: members restart one at a time, and only while all others are healthy.
     *
     * <p>Members keep their data in {@code /var/lib/etcd/CLUSTER} and their settings in {@code /etc/etcd}; Debian's own
     * settings and its {@code /var/lib/etcd/default} are left alone and have no effect. A member without data joins the
     * cluster that answers; where none has ever been ready, the members form a new one.
     *
     * @return the component; immutable and thread-safe
     */
    public static Component component() {
        return new EtcdComponent();
    }
}
