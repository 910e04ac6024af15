package io.pgha.patroni.query;

import io.pgha.Given;
import io.pgha.Problem;
import io.pgha.model.InvalidConfigException;
import io.pgha.patroni.view.MemberSelector;
import io.pgha.secret.Secret;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * Says what to ask of which member's PostgreSQL.
 *
 * <p>Defaults: the leader, the database {@code postgres}, TLS with a verified certificate, 30 s for everything, at most
 * 100,000 rows; the superuser where the client was opened for a cluster that pgha describes. Immutable and thread-safe;
 * {@code toString} hides the password and the parameters.
 */
@Value.Immutable
public interface Query {

    /**
     * Returns the statement.
     *
     * @return SQL, with a {@code ?} for each of {@link #parameters()}
     */
    String sql();

    /**
     * Returns the values for the statement's question marks, in order.
     *
     * @return texts, numbers and the like, as JDBC takes them
     */
    @Value.Redacted
    List<Object> parameters();

    /**
     * Returns the member to ask.
     *
     * @return its name; by default one of {@link #role()}
     */
    Optional<String> member();

    /**
     * Returns what kind of member to ask; whether it is one is asked of PostgreSQL, too.
     *
     * @return the kind, {@link MemberSelector#LEADER} by default
     */
    @Value.Default
    default MemberSelector role() {
        return MemberSelector.LEADER;
    }

    /**
     * Returns the address to go through instead of a member's own, such as HAProxy's on the virtual IP. The server's
     * certificate must name it.
     *
     * @return the address; by default the member's own
     */
    Optional<InetSocketAddress> through();

    /**
     * Returns the database.
     *
     * @return its name, {@code postgres} by default
     */
    @Value.Default
    default String database() {
        return "postgres";
    }

    /**
     * Returns the user of PostgreSQL.
     *
     * @return the name; by default the superuser of a cluster that pgha describes
     */
    Optional<String> username();

    /**
     * Returns the password of {@link #username()}.
     *
     * @return the password; by default none
     */
    @Value.Redacted
    Optional<Secret> password();

    /**
     * Returns whether the connection is encrypted.
     *
     * @return {@link PostgresTls#VERIFIED} by default
     */
    @Value.Default
    default PostgresTls tls() {
        return PostgresTls.VERIFIED;
    }

    /**
     * Returns how long the connection and the statement may take together.
     *
     * @return the limit, 30 s by default
     */
    @Value.Default
    default Duration timeout() {
        return Duration.ofSeconds(30);
    }

    /**
     * Returns how many rows are read into memory at most; more is an error.
     *
     * @return the limit, 100,000 by default
     */
    @Value.Default
    default int maximumRows() {
        return 100_000;
    }

    /** Reports everything that is wrong with this query. */
    @Value.Check
    default void check() {
        List<Problem> problems = new ArrayList<>();
        if (sql().isBlank()) {
            problems.add(problem("A query needs a statement", "Give sql(\"select …\")."));
        }
        if (member().isPresent() && through().isPresent()) {
            problems.add(problem(
                    "Behind an address to go through, the member cannot be chosen",
                    "Give either member(…) or through(…)."));
        }
        if (password().isPresent() && username().isEmpty()) {
            problems.add(problem("A password needs a user", "Give username(…), too."));
        }
        if (timeout().isNegative() || timeout().isZero() || maximumRows() <= 0) {
            problems.add(problem("The limits of a query are positive", "Give a positive timeout and number of rows."));
        }
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
    }

    private static Problem problem(String message, String remedy) {
        return Problem.of("patroni.query", message, remedy);
    }

    /**
     * Returns a builder with the defaults that the attributes name.
     *
     * @return a new builder; {@code sql} is mandatory
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link Query}. Confined to one thread. */
    final class Builder extends ImmutableQuery.Builder {
        Builder() {}

        /**
         * Goes through an address such as HAProxy's on the virtual IP.
         *
         * @param host a name or address that the server's certificate has
         * @param port the port
         * @return this builder
         */
        public Builder through(String host, int port) {
            Given.value(host, "host");
            return through(InetSocketAddress.createUnresolved(host, port));
        }
    }
}
