package io.pgha.examples.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.Cluster;
import io.pgha.PgHa;
import io.pgha.examples.cluster.ClusterTest;
import io.pgha.examples.cluster.LabCluster;
import io.pgha.examples.lab.LabHost;
import io.pgha.examples.quickstart.Writer;
import io.pgha.model.ClusterConfig;
import io.pgha.plan.Plan;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sessions that live through a reload of HAProxy, of clients that have no deadline of their own. */
@ClusterTest
@Tag("bookworm-only")
class ReloadedProxyIT {
    /**
     * How long a session may outlive the leader's host. Eight seconds is what HAProxy's kernel waits, both for an
     * acknowledgement of what it sent and for an answer to its probes of a silent connection; its timer may be a second
     * late for a probe, and a row may have been acknowledged just before. The rest is for a busy machine.
     */
    private static final Duration BOUND = Duration.ofSeconds(13);

    @Test
    void areCutWhenTheLeadersHostLosesPower(LabCluster lab) throws Exception {
        ClusterConfig other = ClusterConfig.builder()
                .from(lab.config())
                .haproxy(haproxy -> haproxy.idleTimeout(Duration.ofMinutes(31)))
                .build();
        LabHost leader = lab.leader();
        try (PgHa pgha = lab.open()) {
            Cluster changed = pgha.cluster(other);
            try (Session writer = new Session(changed);
                    Session waiter = new Session(changed)) {
                Plan plan = changed.plan();
                plan.apply(); // both sessions belong to the old worker now
                CompletableFuture<Long> writing = writer.untilCut("insert into written values (1)");
                CompletableFuture<Long> waiting = waiter.untilCut("select pg_sleep(600)");
                LabCluster.await(
                        "the long statement is under way",
                        () -> LabCluster.sql(leader, """
                                        select count(*) from pg_stat_activity where query = 'select pg_sleep(600)'
                                        """.strip()).equals("1"));

                long off = System.nanoTime();
                leader.kill();
                Duration wrote = after(off, writing);
                Duration waited = after(off, waiting);
                System.out.printf(
                        "sessions of a reloaded HAProxy, cut after the leader's host lost power: writing %d ms, waiting %d ms%n",
                        wrote.toMillis(), waited.toMillis());
                assertThat(wrote).as("a session that writes").isLessThan(BOUND);
                assertThat(waited).as("a session that waits for an answer").isLessThan(BOUND);
                LabCluster.await("a new leader serves", () -> serves(changed));
            } finally {
                leader.boot();
                LabCluster.await("every member is back", () -> changed.plan().isEmpty());
                pgha.cluster(lab.config()).plan().apply();
                lab.awaitNothingToDo();
            }
        }
    }

    private static Duration after(long off, CompletableFuture<Long> cut) throws Exception {
        return Duration.ofNanos(cut.get(3, TimeUnit.MINUTES) - off);
    }

    private static boolean serves(Cluster cluster) {
        try (Session session = new Session(cluster)) {
            session.run("select 1");
            return true;
        } catch (SQLException noLeaderYet) {
            return false;
        }
    }

    /** A session through the virtual IP with a table of its own. */
    private static final class Session implements AutoCloseable {
        private final Connection connection;

        Session(Cluster cluster) throws SQLException {
            ClusterConfig config = cluster.config();
            Properties properties = new Properties();
            properties.setProperty("user", config.postgres().superuserName());
            properties.setProperty("password", Writer.password(cluster).reveal());
            properties.setProperty("sslmode", "require");
            connection = DriverManager.getConnection(
                    "jdbc:postgresql://" + config.topology().vips().get(0).address() + ":"
                            + config.haproxy().readWritePort() + "/postgres",
                    properties);
            run("create temporary table written (id bigint)");
        }

        private void run(String sql) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        /** Does it again and again until the session ends, and tells when that was. */
        CompletableFuture<Long> untilCut(String sql) {
            CompletableFuture<Long> end = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                try {
                    while (true) {
                        run(sql);
                        TimeUnit.MILLISECONDS.sleep(20);
                    }
                } catch (SQLException cut) {
                    end.complete(System.nanoTime());
                } catch (InterruptedException e) {
                    end.completeExceptionally(e);
                }
            });
            thread.setDaemon(true);
            thread.start();
            return end;
        }

        @Override
        public void close() throws SQLException {
            connection.abort(Runnable::run); // says nothing to a host that may be off
        }
    }
}
