package io.pgha.examples;

import io.pgha.Cluster;
import io.pgha.etcd.Etcd;
import io.pgha.etcd.EtcdClient;
import java.nio.file.Path;

/** The README's section on operating etcd. */
public final class EtcdCare {
    private EtcdCare() {}

    /**
     * Looks at etcd, looks after it, and replaces a member that has lost its disk.
     *
     * @param cluster the cluster
     * @throws InterruptedException when the thread is interrupted
     */
    public static void lookAfter(Cluster cluster) throws InterruptedException {
        // region etcd
        try (EtcdClient etcd = Etcd.client(cluster)) { // through SSH, with a certificate of the cluster's authority
            System.out.println(etcd.status()); // health, leader, sizes, raft lag, alarms, versions
            System.out.println(etcd.dcs().view()); // what Patroni keeps there
            etcd.defragment(); // one member at a time, the leader last, only while all are healthy
            etcd.snapshot(Path.of("etcd.snapshot")); // saved in one go, and checked
            etcd.replaceMember("postgres-02"); // its disk is lost: removed, wiped, joins as a learner, promoted
        }
        // endregion
    }
}
