package io.pgha.examples.quickstart;

import io.pgha.host.Command;
import io.pgha.host.CommandResult;
import io.pgha.host.Script;
import io.pgha.host.Transport;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.NodeRole;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Measures what no deployer can do without: refreshing the package lists and installing the same packages on all hosts
 * at once, one initdb, one start, and two pg_basebackup side by side. Leaves the hosts dirty.
 */
final class Floor {
    private static final String INSTALL = """
        set -e
        export DEBIAN_FRONTEND=noninteractive
        printf '#!/bin/sh\\nexit 101\\n' >/usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d
        mkdir -p /etc/postgresql-common/createcluster.d
        echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.d/floor.conf
        apt-get -q update
        apt-get -q -y -o Dpkg::Use-Pty=0 --no-install-recommends install {{packages}}
        """;
    /** Keeps the log: on a busy machine one copy's checkpoint had removed what the other one still wanted. */
    private static final String PRIMARY = """
        set -e
        cd /var/lib/postgresql; bin=$(echo /usr/lib/postgresql/*/bin)
        run() { setpriv --reuid postgres --regid postgres --init-groups "$@"; }
        run $bin/initdb -k -A trust -E UTF8 --locale C.UTF-8 -D /var/lib/postgresql/floor
        echo 'host replication all {{address}}/24 trust' >>/var/lib/postgresql/floor/pg_hba.conf
        run $bin/pg_ctl -w -D /var/lib/postgresql/floor -o '-c listen_addresses=* -c wal_keep_size=1GB' \\
          -l /var/lib/postgresql/floor.log start
        """;

    private static final String REPLICA = """
        set -e
        cd /var/lib/postgresql; bin=$(echo /usr/lib/postgresql/*/bin)
        setpriv --reuid postgres --regid postgres --init-groups \\
          $bin/pg_basebackup -h {{address}} -U postgres -c fast -X stream -R -D /var/lib/postgresql/floor
        """;

    private final ClusterConfig config;
    private final Transport transport;

    Floor(ClusterConfig config, Transport transport) {
        this.config = config;
        this.transport = transport;
    }

    Duration measure() throws InterruptedException {
        List<Node> nodes = config.topology().nodes();
        Node primary = config.postgresNodes().get(0);
        List<Node> replicas =
                config.postgresNodes().subList(1, config.postgresNodes().size());
        for (Node node : nodes) {
            transport.connect(node);
        }
        long began = System.nanoTime();
        together(
                nodes,
                node -> Script.of(INSTALL).words("packages", packages(node)).render());
        together(
                List.of(primary),
                node -> Script.of(PRIMARY).part("address", node.address()).render());
        together(
                replicas,
                node -> Script.of(REPLICA).value("address", primary.address()).render());
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** The packages that pgha itself installs; the deployed hosts' own lists are compared with these in a test. */
    static List<String> packages(Node node) {
        List<String> packages = new ArrayList<>(List.of("chrony", "openssl"));
        if (node.has(NodeRole.ETCD)) {
            packages.addAll(List.of("etcd-server", "etcd-client"));
        }
        if (node.has(NodeRole.POSTGRES)) {
            packages.addAll(List.of("postgresql", "patroni", "python3-etcd", "python3-psycopg2"));
        }
        if (node.has(NodeRole.HAPROXY)) {
            packages.addAll(List.of("haproxy", "keepalived"));
        }
        return packages;
    }

    private interface Each {
        String on(Node node);
    }

    private void together(List<Node> nodes, Each script) throws InterruptedException {
        List<FutureTask<Void>> tasks = new ArrayList<>();
        for (Node node : nodes) {
            FutureTask<Void> task = new FutureTask<>(() -> {
                CommandResult result = transport
                        .connect(node)
                        .run(Command.builder()
                                .script(script.on(node))
                                .timeout(Duration.ofMinutes(15))
                                .build());
                if (!result.succeeded()) {
                    throw new IllegalStateException("The floor failed on " + node.name() + ": " + result.stderr());
                }
                return null;
            });
            tasks.add(task);
            Thread thread = new Thread(task, "floor-" + node.name());
            thread.setDaemon(true);
            thread.start();
        }
        for (FutureTask<Void> task : tasks) {
            try {
                task.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
    }
}
