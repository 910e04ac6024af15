package io.pgha.examples.cluster;

import io.pgha.examples.lab.ExecResult;
import io.pgha.examples.lab.LabHost;
import io.pgha.model.Node;
import io.pgha.patroni.Patroni;
import io.pgha.patroni.PatroniClient;
import io.pgha.patroni.PatroniException;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until hosts that were just booted are the cluster that they were: one leads, the others stream, clients are
 * served.
 */
final class Awakening {
    private static final Logger LOG = LoggerFactory.getLogger(Awakening.class);

    /** Patroni may have to wait until the former leader's lease is over, and the machine may be busy. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final LabCluster lab;
    private final long begin = System.nanoTime();

    Awakening(LabCluster lab) {
        this.lab = lab;
    }

    void await() throws InterruptedException {
        // What costs a host least to answer comes first: they are busy starting.
        await("a client of the virtual IP is served", this::serves, () -> "");
        await("every PostgreSQL but one streams", () -> roles().equals(wanted()), () -> roles().toString());
        lab.awaitVirtualIps();
        try (PatroniClient patroni = Patroni.client(lab.look())) {
            await(
                    "Patroni knows that every member runs",
                    () -> runs(patroni),
                    () -> patroni.view().toString());
        }
        await("nothing is left to do", () -> lab.remainder().isEmpty(), () -> String.join("\n", lab.remainder()));
    }

    private void await(String what, LabCluster.Condition condition, LabCluster.Account account)
            throws InterruptedException {
        LabCluster.await(PATIENCE, what, condition, account);
        LOG.debug(
                "{} after {} ms",
                what,
                Duration.ofNanos(System.nanoTime() - begin).toMillis());
    }

    /**
     * Whether each PostgreSQL is in recovery, and how many replicas stream from it, in an order that does not depend on
     * hosts.
     */
    private List<String> roles() throws InterruptedException {
        List<String> roles = new ArrayList<>();
        for (Node node : lab.config().postgresNodes()) {
            ExecResult answer = lab.host(node).exec("""
                            runuser -u postgres -- psql -XAtc "select pg_is_in_recovery(),
                              (select count(*) from pg_stat_replication where state = 'streaming')"
                            """);
            roles.add(answer.succeeded() ? answer.text() : "off");
        }
        Collections.sort(roles);
        return roles;
    }

    private List<String> wanted() {
        int replicas = lab.config().postgresNodes().size() - 1;
        List<String> wanted = new ArrayList<>(List.of("f|" + replicas));
        wanted.addAll(Collections.nCopies(replicas, "t|0"));
        return wanted;
    }

    /**
     * Asks from a host that need not have it whether a PostgreSQL that takes writes answers through the first virtual
     * IP.
     */
    private boolean serves() throws InterruptedException {
        LabHost client = lab.host(lab.config().postgresNodes().get(0));
        return client.exec("pg_isready -q -h "
                        + lab.config().topology().vips().get(0).address() + " -p "
                        + lab.config().haproxy().readWritePort())
                .succeeded();
    }

    private boolean runs(PatroniClient patroni) throws InterruptedException {
        try {
            ClusterView view = patroni.view();
            return view.leader().isPresent()
                    && view.members().size() == lab.config().postgresNodes().size()
                    && view.members().stream().allMatch(MemberView::running);
        } catch (PatroniException notYet) {
            return false;
        }
    }
}
