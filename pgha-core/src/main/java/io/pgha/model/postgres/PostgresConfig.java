package io.pgha.model.postgres;

import io.pgha.Problem;
import io.pgha.model.hba.HbaSecrets;
import io.pgha.model.internal.rule.Problems;
import io.pgha.model.internal.text.Numbers;
import io.pgha.text.WrittenSecrets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.immutables.value.Value;

/**
 * Configures PostgreSQL.
 *
 * <p>Immutable and thread-safe.
 */
@Value.Immutable
public interface PostgresConfig {
    /** The {@code max_connections} of a cluster whose {@link #parameters()} do not say. */
    int MAX_CONNECTIONS = 200;

    /**
     * Returns the major version.
     *
     * @return 12 to 18; by default the one that the node's distribution ships
     */
    OptionalInt version();

    /**
     * Returns the TCP port of every PostgreSQL server.
     *
     * @return the port; 5432 by default, PostgreSQL's own
     */
    @Value.Default
    default int port() {
        return 5432;
    }

    /**
     * Returns the data directory.
     *
     * @return an absolute path; by default Debian's {@code /var/lib/postgresql/VERSION/main}
     */
    Optional<String> dataDirectory();

    /**
     * Returns server parameters, kept equal in Patroni's dynamic configuration.
     *
     * @return values (one line of text, number or boolean; in YAML also a list of texts) by name; pgha's own defaults
     *     stand below them. Those that Patroni or pgha own, such as {@code port} or {@code ssl}, are refused, and so is
     *     what PostgreSQL or Patroni would not take as it is: unknown names, wrong units, values out of range, fewer
     *     than 25 {@code max_connections}; see {@link io.pgha.model.parameter.ParameterCatalog}
     */
    Map<String, Object> parameters();

    /**
     * Returns further lines of {@code pg_hba.conf}, before pgha's own.
     *
     * @return one rule each, beginning with its type, for example {@code hostssl all all 10.0.0.0/8 scram-sha-256};
     *     empty by default
     */
    List<String> pgHba();

    /**
     * Returns the networks whose clients may connect with TLS and a SCRAM password.
     *
     * @return networks such as {@code 10.0.0.0/8}; by default none but the cluster's own nodes (clients come through
     *     HAProxy)
     */
    List<String> clientNetworks();

    /**
     * Returns the locale of a new cluster.
     *
     * @return the locale; {@code C.UTF-8} by default, which every Debian has
     */
    @Value.Default
    default String locale() {
        return "C.UTF-8";
    }

    /**
     * Returns the encoding of a new cluster.
     *
     * @return an encoding that a database can have, by any name that PostgreSQL has for it, and that goes with
     *     {@link #locale()}; UTF8 by default
     */
    @Value.Default
    default String encoding() {
        return "UTF8";
    }

    /**
     * Returns the superuser.
     *
     * @return the role, different from the other two; {@code postgres} by default, Debian's own
     */
    @Value.Default
    default String superuserName() {
        return "postgres";
    }

    /**
     * Returns the role that replicas stream with.
     *
     * @return the role; {@code replicator} by default
     */
    @Value.Default
    default String replicationUser() {
        return "replicator";
    }

    /**
     * Returns the role that pg_rewind connects with.
     *
     * @return the role; {@code rewind} by default
     */
    @Value.Default
    default String rewindUser() {
        return "rewind";
    }

    /**
     * Returns this value with every number among its parameters in its narrowest type; builders call it, so that
     * {@code 300} and {@code 300L} make equal configurations.
     *
     * @return this value, or an equal one with other types
     */
    @Value.Check
    default PostgresConfig normalized() {
        Map<String, Object> normalized = Numbers.normalized(parameters());
        return normalized.equals(parameters())
                ? this
                : builder().from(this).parameters(normalized).build();
    }

    /**
     * Returns what is wrong with these settings by themselves. {@link io.pgha.model.ClusterConfig} refuses it, and what
     * does not go together with its other parts.
     *
     * @return the problems, each with its remedy; empty where nothing is wrong
     */
    default List<Problem> problems() {
        return Problems.of(problems -> PostgresRules.check(this, problems));
    }

    /**
     * Returns the text that {@code toString} shows: the settings, without the secrets that stand in parameters and
     * lines.
     *
     * @return one line
     */
    default String describe() {
        Map<String, Object> shown = new LinkedHashMap<>();
        parameters()
                .forEach((name, value) ->
                        shown.put(name, value instanceof String text ? WrittenSecrets.coveredIn(name, text) : value));
        return "PostgreSQL " + (version().isPresent() ? version().getAsInt() + ", " : "") + "port " + port()
                + dataDirectory()
                        .map(directory -> ", data directory " + directory)
                        .orElse("") + ", parameters " + shown
                + ", pg_hba " + HbaSecrets.coveredIn(pgHba()) + ", client networks " + clientNetworks() + ", locale "
                + locale() + ", encoding " + encoding() + ", roles " + superuserName() + ", " + replicationUser() + ", "
                + rewindUser();
    }

    /**
     * Returns a builder with the defaults that the attributes name.
     *
     * @return a new builder
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link PostgresConfig}. Confined to one thread. */
    final class Builder extends ImmutablePostgresConfig.Builder {
        Builder() {}
    }
}
