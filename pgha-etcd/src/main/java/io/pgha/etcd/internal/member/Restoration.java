package io.pgha.etcd.internal.member;

import io.etcd.jetcd.api.AuthDisableRequest;
import io.etcd.jetcd.api.AuthGrpc;
import io.pgha.Cluster;
import io.pgha.Problem;
import io.pgha.etcd.DcsView;
import io.pgha.etcd.EtcdException;
import io.pgha.etcd.EtcdSnapshot;
import io.pgha.etcd.EtcdStatus;
import io.pgha.etcd.internal.EtcdLayout;
import io.pgha.etcd.internal.dcs.DcsKeys;
import io.pgha.etcd.internal.rpc.Failures;
import io.pgha.etcd.internal.rpc.Rpc;
import io.pgha.host.Script;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.etcd.EtcdAuthentication;
import io.pgha.net.Deadline;
import io.pgha.port.OperationLock;
import io.pgha.run.MaintenanceGate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Makes a new etcd cluster of a snapshot on the nodes of the old one, and lets Patroni find its way back. The snapshot
 * is laid out beside the old data on every node before anything is stopped. All databases stop before etcd starts: what
 * the snapshot says of leader and members is old, and is removed. The database that knows most starts first, alone, so
 * that no commit is lost by a faster one that knows less. Thread-safe.
 */
public final class Restoration {
    private static final Duration ETCD = Duration.ofMinutes(1);
    private static final Duration PATRONI = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Cluster cluster;
    private final ClusterConfig config;
    private final Rpc rpc;
    private final Membership membership;
    private final Machines machines;
    private final DcsKeys keys;

    public Restoration(Cluster cluster, Rpc rpc, Membership membership, Machines machines, DcsKeys keys) {
        this.cluster = cluster;
        this.config = cluster.config();
        this.rpc = rpc;
        this.membership = membership;
        this.machines = machines;
        this.keys = keys;
    }

    public EtcdStatus restore(Path file, MaintenanceGate.Pass pass) throws InterruptedException {
        EtcdSnapshot.read(file);
        byte[] snapshot = bytes(file);
        refuseWhileEtcdServes();
        try (OperationLock.Held lock = cluster.lock("restore etcd from " + file.getFileName())) {
            machines.all(config.etcdNodes(), "lay out the snapshot", node -> layOut(config, node), snapshot);
            lock.check();
            pass.check("The stop of all databases");
            machines.all(config.postgresNodes(), "stop Patroni", node -> "systemctl stop patroni", new byte[0]);
            lock.check();
            machines.all(config.etcdNodes(), "start etcd on the snapshot", node -> swap(config), new byte[0]);
            EtcdStatus status = membership.awaitHealthy(ETCD, "restoring a snapshot");
            if (config.etcd().authentication() == EtcdAuthentication.DISABLED) {
                // The snapshot may have it, and Patroni would have no password for it.
                rpc.change(channel ->
                        AuthGrpc.newBlockingStub(channel).authDisable(AuthDisableRequest.getDefaultInstance()));
            }
            if (!config.postgresNodes().isEmpty()) {
                keys.forgetWhoWasThere();
                startDatabases(lock);
            }
            return status;
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new EtcdException(
                    Problem.of(
                            EtcdException.SNAPSHOT,
                            "The snapshot " + file + " cannot be read: " + e,
                            "Name a file that can be read."),
                    e);
        }
    }

    private void refuseWhileEtcdServes() throws InterruptedException {
        try {
            keys.view();
        } catch (EtcdException e) {
            if (Failures.mayLieInTheMember(e)) {
                return;
            }
            // Whatever else it says, it answers.
        }
        throw Failures.of(
                EtcdException.REFUSED,
                "Refused to restore: etcd serves, and all that was written since the snapshot would be lost. Nothing"
                        + " was changed",
                "To replace single members use replaceMember. If etcd shall go back nevertheless, stop it first:"
                        + " systemctl stop etcd on "
                        + config.etcdNodes().stream().map(Node::name).collect(Collectors.joining(", ")) + ".");
    }

    public static String layOut(ClusterConfig config, Node node) {
        return Script.of("""
            set -e
            umask 077
            mkdir -p /var/lib/etcd
            trap 'rm -f /var/lib/etcd/restore.snapshot' EXIT
            cat >/var/lib/etcd/restore.snapshot
            rm -rf {{data}}.restored
            tool=etcdctl
            ! command -v etcdutl >/dev/null || tool=etcdutl
            ETCDCTL_API=3 $tool snapshot restore /var/lib/etcd/restore.snapshot --data-dir {{data}}.restored \\
              --name {{name}} --initial-cluster {{members}} --initial-cluster-token {{token}} --initial-advertise-peer-urls {{peer}}
            chown -R etcd:etcd {{data}}.restored
            """)
                .value("data", EtcdLayout.dataDirectory(config))
                .value("name", node.name())
                .value("members", EtcdLayout.initialCluster(config))
                .value("token", config.name())
                .value("peer", EtcdLayout.peerUrl(config, node))
                .render();
    }

    /** The old data stays beside the new until the next restore. */
    public static String swap(ClusterConfig config) {
        return Script.of("""
            set -e
            systemctl stop etcd
            rm -rf {{data}}.before-restore
            [ ! -e {{data}} ] || mv {{data}} {{data}}.before-restore
            mv {{data}}.restored {{data}}
            rm -f {{firstStart}}
            systemctl --quiet enable etcd
            systemctl start --no-block etcd
            """)
                .value("data", EtcdLayout.dataDirectory(config))
                .value("firstStart", EtcdLayout.FIRST_START)
                .render();
    }

    private void startDatabases(OperationLock.Held lock) throws InterruptedException {
        Map<Node, String> ends = machines.all(
                config.postgresNodes(), "read where the database ended", node -> WalEnd.SCRIPT, new byte[0]);
        Node first = ends.entrySet().stream()
                .max(Comparator.comparing(each -> WalEnd.parse(each.getValue())))
                .map(Map.Entry::getKey)
                .orElseThrow();
        String start = "systemctl start --no-block patroni";
        lock.check();
        machines.run(first, "start Patroni", start);
        await("a leader", view -> leads(view, first));
        List<Node> others = config.postgresNodes().stream()
                .filter(node -> !node.equals(first))
                .toList();
        machines.all(others, "start Patroni", node -> start, new byte[0]);
        await("every database", view -> config.postgresNodes().stream().allMatch(node -> runs(view, node)));
    }

    private static boolean leads(DcsView view, Node node) {
        return view.leader().filter(node.name()::equals).isPresent()
                && runs(view, node)
                && view.members().stream()
                        .filter(member -> member.name().equals(node.name()))
                        .anyMatch(member -> member.role()
                                .filter(role -> !role.equals("replica"))
                                .isPresent());
    }

    private static boolean runs(DcsView view, Node node) {
        return view.members().stream()
                .anyMatch(member -> member.name().equals(node.name())
                        && member.state().filter("running"::equals).isPresent());
    }

    private void await(String what, Predicate<DcsView> condition) throws InterruptedException {
        Deadline deadline = Deadline.in(PATRONI);
        DcsView view = keys.view();
        while (!condition.test(view)) {
            if (deadline.passed()) {
                throw Failures.of(
                        EtcdException.TIMEOUT,
                        "etcd is restored, but Patroni has not brought " + what + " back within " + PATRONI.toMinutes()
                                + " minutes: " + view.members(),
                        "Look at journalctl -u patroni on the nodes, and at patronictl list.");
            }
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            view = keys.view();
        }
    }
}
