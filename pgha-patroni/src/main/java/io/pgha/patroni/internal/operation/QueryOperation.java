package io.pgha.patroni.internal.operation;

import io.pgha.Problem;
import io.pgha.net.Deadline;
import io.pgha.net.HostPort;
import io.pgha.patroni.PatroniException;
import io.pgha.patroni.internal.protocol.ClusterReader;
import io.pgha.patroni.internal.rest.Threads;
import io.pgha.patroni.internal.rest.Tls;
import io.pgha.patroni.internal.sql.Link;
import io.pgha.patroni.internal.sql.RoutedSocketFactory;
import io.pgha.patroni.internal.sql.VerifiedSocketFactory;
import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.query.Dsn;
import io.pgha.patroni.query.PostgresTls;
import io.pgha.patroni.query.Query;
import io.pgha.patroni.query.QueryFailedException;
import io.pgha.patroni.query.QueryResult;
import io.pgha.patroni.query.QueryRow;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberRole;
import io.pgha.patroni.view.MemberSelector;
import io.pgha.patroni.view.MemberView;
import io.pgha.secret.Secret;
import io.pgha.text.DurationText;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Asks a member's PostgreSQL. Confined to one call; the driver works on a thread of the client, so that it can be given
 * up.
 */
public final class QueryOperation {
    /** SQLSTATE of a write to a server that recovers, or in a transaction that only reads. */
    private static final String READ_ONLY = "25006";

    private final ClusterReader reader;
    private final Threads threads;
    private final Tls tls;
    private final UnaryOperator<InetSocketAddress> route;
    private final Optional<SqlLogin> login;
    private final Query query;

    public QueryOperation(
            ClusterReader reader,
            Threads threads,
            Tls tls,
            UnaryOperator<InetSocketAddress> route,
            Optional<SqlLogin> login,
            Query query) {
        this.reader = reader;
        this.threads = threads;
        this.tls = tls;
        this.route = route;
        this.login = login;
        this.query = query;
    }

    private record Server(String name, InetSocketAddress address, Optional<Boolean> inRecovery) {
        @Override
        public String toString() {
            return name + " (" + HostPort.of(address) + ")";
        }
    }

    public QueryResult run() throws InterruptedException {
        Deadline deadline = Deadline.in(query.timeout());
        Server server = server(deadline);
        Properties properties = properties();
        Link link = Link.open(
                route, query.tls() == PostgresTls.VERIFIED ? Optional.of(tls.socketContext()) : Optional.empty());
        try (link) {
            properties.setProperty("socketFactory", RoutedSocketFactory.class.getName());
            properties.setProperty("socketFactoryArg", link.key());
            properties.setProperty("sslfactory", VerifiedSocketFactory.class.getName());
            properties.setProperty("sslfactoryarg", link.key());
            Future<QueryResult> work = threads.sql().submit(() -> ask(server, properties));
            try {
                return work.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                throw failed(server, "no answer within " + DurationText.of(query.timeout()), null, null);
            } catch (ExecutionException e) {
                throw failure(server, e.getCause() == null ? e : e.getCause());
            } finally {
                work.cancel(true);
            }
        }
    }

    private Server server(Deadline deadline) throws InterruptedException {
        if (query.through().isPresent()) {
            InetSocketAddress address = query.through().get();
            return new Server(HostPort.of(address).toString(), address, Optional.empty());
        }
        ClusterView view = reader.view(deadline);
        MemberView member = DsnOperation.select(view, query.member(), query.role());
        Dsn dsn = DsnOperation.of(view, member);
        boolean asked = query.member().isEmpty() && query.role() != MemberSelector.ANY;
        return new Server(
                dsn.member(),
                InetSocketAddress.createUnresolved(dsn.host(), dsn.port()),
                asked ? Optional.of(member.role() != MemberRole.LEADER) : Optional.empty());
    }

    private Properties properties() {
        Properties properties = new Properties();
        String user = query.username()
                .or(() -> login.map(SqlLogin::username))
                .orElseThrow(() -> new QueryFailedException(
                        Problem.of(
                                PatroniException.QUERY_FAILED,
                                "A query needs a user of PostgreSQL",
                                "give username(…) and password(…)."),
                        null,
                        null));
        Optional<Secret> password = query.username().isPresent()
                ? query.password()
                : login.map(own -> own.password().get());
        properties.setProperty("user", user);
        password.ifPresent(secret -> properties.setProperty("password", secret.reveal()));
        properties.setProperty("ApplicationName", "pgha");
        properties.setProperty("sslmode", query.tls() == PostgresTls.VERIFIED ? "verify-full" : "disable");
        properties.setProperty("gssEncMode", "disable");
        String seconds = Long.toString(Math.max(1, query.timeout().toSeconds()));
        properties.setProperty("connectTimeout", seconds);
        properties.setProperty("loginTimeout", "0");
        return properties;
    }

    private QueryResult ask(Server server, Properties properties) throws SQLException {
        String host = server.address().getHostString();
        String url = new Dsn(server.name(), host, server.address().getPort()).jdbcUrl(query.database());
        try (Connection connection = driver().connect(url, properties)) {
            if (connection == null) {
                throw new SQLException("the driver does not take " + url);
            }
            if (server.inRecovery().isPresent()) {
                checkRole(connection, server.inRecovery().get());
            }
            try (PreparedStatement statement = connection.prepareStatement(query.sql())) {
                statement.setMaxRows(query.maximumRows() == Integer.MAX_VALUE ? 0 : query.maximumRows() + 1);
                for (int i = 0; i < query.parameters().size(); i++) {
                    statement.setObject(i + 1, query.parameters().get(i));
                }
                boolean rows = statement.execute();
                return rows
                        ? read(server, statement.getResultSet())
                        : new QueryResult(server.name(), List.of(), List.of(), Math.max(0, statement.getUpdateCount()));
            }
        }
    }

    /** By name: its class is of no more use at compile time, and drags annotations in that are not there. */
    private static Driver driver() throws SQLException {
        try {
            return Class.forName("org.postgresql.Driver")
                    .asSubclass(Driver.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new SQLException("org.postgresql:postgresql is not on the class path", e);
        }
    }

    private static void checkRole(Connection connection, boolean expected) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select pg_catalog.pg_is_in_recovery()");
                ResultSet answer = statement.executeQuery()) {
            if (!answer.next() || answer.getBoolean(1) != expected) {
                throw new SQLException("PostgreSQL does not have the role that was asked for: it "
                        + (expected ? "takes writes" : "is in recovery"));
            }
        }
    }

    private QueryResult read(Server server, ResultSet answer) throws SQLException {
        List<String> columns = new ArrayList<>();
        int count = answer.getMetaData().getColumnCount();
        for (int i = 1; i <= count; i++) {
            columns.add(answer.getMetaData().getColumnLabel(i));
        }
        List<QueryRow> rows = new ArrayList<>();
        while (answer.next()) {
            if (rows.size() == query.maximumRows()) {
                throw new SQLException("it returns more than " + query.maximumRows() + " rows");
            }
            List<@Nullable Object> values = new ArrayList<>();
            for (int i = 1; i <= count; i++) {
                values.add(value(answer, i));
            }
            rows.add(new QueryRow(columns, values));
        }
        return new QueryResult(server.name(), columns, rows, 0);
    }

    /** What is bound to the connection, or is a class of the driver's own, is of no use afterwards: its text is. */
    private static @Nullable Object value(ResultSet answer, int column) throws SQLException {
        Object value = answer.getObject(column);
        boolean lasts =
                value == null || (value.getClass().getName().startsWith("java.") && !(value instanceof java.sql.Array));
        return lasts ? value : answer.getString(column);
    }

    private RuntimeException failure(Server server, Throwable cause) {
        if (cause instanceof SQLException sql) {
            return failed(server, deepest(sql), sql.getSQLState(), sql);
        }
        return cause instanceof RuntimeException runtime
                ? failed(server, deepest(runtime), null, runtime)
                : new IllegalStateException(cause);
    }

    private static String deepest(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String own = String.valueOf(failure.getMessage());
        String below = root == failure ? "" : " (" + root.getMessage() + ")";
        return Text.excerpt(own + below);
    }

    private static QueryFailedException failed(
            Server server, String why, @Nullable String sqlState, @Nullable Throwable cause) {
        String state = sqlState == null ? "" : sqlState;
        String remedy = state.startsWith("28")
                ? "see user and password, and the lines of pg_hba for this way (showConfig)."
                : state.startsWith("08") || state.isEmpty()
                        ? "see that PostgreSQL runs there (patronictl list), that this machine may connect to it, and that the"
                                + " trusted authority signed its certificate."
                        : state.equals(READ_ONLY)
                                ? "ask the leader, for replicas take no writes: role(LEADER) without member(…), or in"
                                        + " through(…) HAProxy's read-write port."
                                : "correct the statement.";
        return new QueryFailedException(
                Problem.of(
                        PatroniException.QUERY_FAILED,
                        Text.printable("The query failed at " + server + ": " + why
                                + (state.isEmpty() ? "" : " [SQLSTATE " + state + "]")),
                        remedy),
                sqlState,
                cause);
    }
}
