package io.pgha.examples.quickstart;

import io.pgha.Cluster;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Vip;
import io.pgha.net.Deadline;
import io.pgha.port.Pki;
import io.pgha.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Writes a row every 20 ms through the virtual IP, as an application would, and remembers which were acknowledged. It
 * has a schema of its own, which it makes and removes: nobody else's tables are touched.
 */
public final class Writer implements AutoCloseable {
    private static final Duration PACE = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String url;
    private final Properties properties = new Properties();
    private final Set<Long> acknowledged = new HashSet<>();
    private final List<String> failures = new ArrayList<>();
    private final Thread thread;
    private final String schema = "pgha_writer_" + UUID.randomUUID().toString().replace("-", "");
    private boolean made;
    private volatile boolean stop;
    private long lastAck;
    private long widest;

    private Writer(String url, Secret password, Path trust, String user) {
        this.url = url;
        properties.setProperty("user", user);
        properties.setProperty("password", password.reveal());
        properties.setProperty("sslmode", "verify-full");
        properties.setProperty("sslrootcert", trust.toString());
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("socketTimeout", "5");
        properties.setProperty("loginTimeout", "3");
        this.thread = new Thread(this::write, "writer");
        thread.setDaemon(true);
    }

    /**
     * Returns a writer on the first virtual IP of a cluster; it has not started.
     *
     * @param cluster the cluster
     * @param trust where to put the authority's certificate, for the driver to verify the server by
     * @return the writer
     * @throws IOException when the certificate cannot be written
     */
    public static Writer on(Cluster cluster, Path trust) throws IOException {
        ClusterConfig config = cluster.config();
        Files.createDirectories(trust.toAbsolutePath().getParent());
        Files.writeString(trust, cluster.pki().map(Pki::trustedCertificates).orElseThrow());
        String host = config.topology().vips().stream()
                .findFirst()
                .map(Vip::address)
                .orElseGet(() -> config.haproxyNodes().get(0).address());
        return new Writer(
                "jdbc:postgresql://" + host + ":" + config.haproxy().readWritePort() + "/postgres",
                password(cluster),
                trust,
                config.postgres().superuserName());
    }

    /**
     * Returns the password of the superuser of a cluster that was deployed.
     *
     * @param cluster the cluster, with the store that it was deployed with
     * @return the password
     */
    public static Secret password(Cluster cluster) {
        return cluster.secrets().obtain("postgres.superuser", () -> {
            throw new IllegalStateException(
                    "The store has no postgres.superuser. To fix: open the library with the store of the deploy.");
        });
    }

    /**
     * Makes the table and starts to write.
     *
     * @throws SQLException when the database does not take it
     */
    public void start() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, properties);
                Statement statement = connection.createStatement()) {
            make(statement);
        }
        lastAck = System.nanoTime();
        thread.start();
    }

    private void make(Statement statement) throws SQLException {
        if (!made) {
            statement.execute("create schema " + schema);
            made = true;
            statement.execute(
                    "create table " + schema + ".rows (id bigint primary key, at timestamptz not null default now())");
            statement.execute("create table " + schema + ".hello (said text not null)");
        }
    }

    private void write() {
        long written = 0;
        while (!stop) {
            try (Connection connection = DriverManager.getConnection(url, properties);
                    PreparedStatement insert =
                            connection.prepareStatement("insert into " + schema + ".rows (id) values (?)")) {
                while (!stop) {
                    long id = written + 1;
                    written = id;
                    insert.setLong(1, id);
                    insert.executeUpdate();
                    acknowledge(id);
                    TimeUnit.NANOSECONDS.sleep(PACE.toNanos());
                }
            } catch (SQLException reconnect) {
                fail(reconnect);
                pause(); // what was not acknowledged is not counted; the next number is tried on a new connection
            } catch (InterruptedException closed) {
                return;
            }
        }
    }

    private void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(PACE.toNanos());
        } catch (InterruptedException closed) {
            stop = true;
        }
    }

    private synchronized void fail(SQLException e) {
        failures.add(Instant.now() + " " + e.getSQLState() + " " + e.getMessage());
    }

    private synchronized void acknowledge(long id) {
        long now = System.nanoTime();
        widest = Math.max(widest, now - lastAck);
        lastAck = now;
        acknowledged.add(id);
    }

    /**
     * Returns how many rows were acknowledged.
     *
     * @return the number so far
     */
    public synchronized int acknowledged() {
        return acknowledged.size();
    }

    /**
     * Returns each time that a connection failed, at its beginning or with a row under way, and why.
     *
     * @return the failures so far, a line each
     */
    public synchronized List<String> failures() {
        return List.copyOf(failures);
    }

    /** Forgets the widest gap so far. */
    public synchronized void resetGap() {
        widest = 0;
        lastAck = System.nanoTime();
    }

    /**
     * Returns the longest time between two acknowledged rows, the time since the last one included.
     *
     * @return the gap
     */
    public synchronized Duration gap() {
        return Duration.ofNanos(Math.max(widest, System.nanoTime() - lastAck));
    }

    /**
     * Waits until more rows have been acknowledged.
     *
     * @param rows how many more
     * @param limit how long at most
     * @throws InterruptedException when the thread is interrupted
     * @throws IllegalStateException when the limit passes
     */
    public void awaitMore(int rows, Duration limit) throws InterruptedException {
        int wanted = acknowledged() + rows;
        Deadline deadline = Deadline.in(limit);
        while (acknowledged() < wanted) {
            if (deadline.passed()) {
                throw new IllegalStateException("Only " + acknowledged() + " of " + wanted
                        + " rows were acknowledged after " + limit.toSeconds() + " s");
            }
            TimeUnit.NANOSECONDS.sleep(PACE.toNanos());
        }
    }

    /**
     * Stops writing and counts acknowledged rows that the database does not have.
     *
     * @return the number of lost rows
     * @throws SQLException when the table cannot be read
     * @throws InterruptedException when the thread is interrupted
     */
    public int stopAndCountLost() throws SQLException, InterruptedException {
        stop = true;
        thread.join();
        Set<Long> lost = new HashSet<>(acknowledged);
        lost.removeAll(stored());
        return lost.size();
    }

    /**
     * Tries again for a while, as an application does: right behind a switchover a connection may still meet the former
     * leader.
     */
    private Set<Long> stored() throws SQLException {
        Deadline deadline = Deadline.in(PATIENCE);
        while (true) {
            Set<Long> found = new HashSet<>();
            try (Connection connection = DriverManager.getConnection(url, properties);
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("select id from " + schema + ".rows")) {
                while (rows.next()) {
                    found.add(rows.getLong(1));
                }
                return found;
            } catch (SQLException e) {
                if (deadline.passed()) {
                    throw e;
                }
                pause();
            }
        }
    }

    /**
     * Writes one row and reads it back.
     *
     * @return what was read
     * @throws SQLException when the database does not take it
     */
    public String writeAndRead() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, properties);
                Statement statement = connection.createStatement()) {
            make(statement);
            statement.execute("insert into " + schema + ".hello values ('hello from ' || inet_server_addr())");
            try (ResultSet rows =
                    statement.executeQuery("select said from " + schema + ".hello order by ctid desc limit 1")) {
                rows.next();
                return rows.getString(1);
            }
        }
    }

    /**
     * Stops writing and removes the schema, trying for a while where no leader answers.
     *
     * @throws SQLException when the schema could not be removed; its name is in the message
     */
    @Override
    public void close() throws SQLException {
        stop = true;
        thread.interrupt();
        Deadline deadline = Deadline.in(PATIENCE);
        while (made) {
            try (Connection connection = DriverManager.getConnection(url, properties);
                    Statement statement = connection.createStatement()) {
                statement.execute("drop schema if exists " + schema + " cascade");
                made = false;
            } catch (SQLException e) {
                if (deadline.passed()) {
                    throw new SQLException(
                            "The schema " + schema + " is left behind: drop it by hand", e.getSQLState(), e);
                }
                pause();
            }
        }
    }
}
