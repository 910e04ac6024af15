package io.pgha.patroni;

import io.pgha.Cluster;
import io.pgha.Given;
import io.pgha.host.Tunnels;
import io.pgha.model.ClusterConfig;
import io.pgha.patroni.internal.component.PatroniComponent;
import io.pgha.patroni.internal.config.Servers;
import io.pgha.patroni.internal.layout.PatroniSecrets;
import io.pgha.patroni.internal.operation.SqlLogin;
import io.pgha.patroni.internal.protocol.Timing;
import io.pgha.spi.Component;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The door to Patroni: opens clients of a running cluster.
 *
 * <pre>{@code
 * try (PatroniClient patroni = Patroni.client(c ->
 *         c.endpoint("https://10.0.0.1:8008").trust(caPem).basicAuth("patroni", password))) {
 *     System.out.println(patroni.view());
 *     patroni.switchover(s -> s.to("postgres-02"));
 * }
 * }</pre>
 *
 * <p>Defaults: those of {@link PatroniClientOptions}.
 */
public final class Patroni {
    private Patroni() {}

    /**
     * Opens a client of the cluster that the given endpoints belong to. Does no I/O: the first call connects.
     *
     * @param options sets at least one endpoint
     * @return the client; close it after use
     * @throws io.pgha.model.InvalidConfigException when the options are not valid, with every problem
     * @throws PatroniException {@code patroni.tls} when a certificate or key among the options cannot be read
     */
    public static PatroniClient client(UnaryOperator<PatroniClientOptions.Builder> options) {
        return client(Given.completed(PatroniClientOptions.builder(), options, "options")
                .build());
    }

    static PatroniClient client(PatroniClientOptions options) {
        return new PatroniClient(options, Timing.REAL, () -> {});
    }

    /**
     * Opens a client of a cluster that pgha describes: its members, through tunnels of its SSH connections, with its
     * authority, password and closed times. Does no I/O on the network: the first call connects.
     *
     * @param cluster the cluster
     * @return the client; close it after use, and before the {@link io.pgha.PgHa} that the cluster came from
     */
    public static PatroniClient client(Cluster cluster) {
        Given.value(cluster, "cluster");
        ClusterConfig config = cluster.config();
        Tunnels tunnels = new Tunnels(cluster.transport(), config.postgresNodes(), "Patroni");
        PatroniClientOptions.Builder options = PatroniClientOptions.builder()
                .route(tunnels)
                .maintenance(cluster.maintenance())
                .basicAuth(
                        config.patroni().restUsername(),
                        PatroniSecrets.in(cluster.secrets()).rest());
        config.postgresNodes().forEach(node -> options.endpoint(config.patroniUrl(node)));
        cluster.pki().ifPresent(pki -> options.trust(pki.trustedCertificates()));
        SqlLogin superuser = new SqlLogin(
                config.postgres().superuserName(),
                () -> PatroniSecrets.in(cluster.secrets()).superuser());
        Servers.Roles roles = new Servers.Roles(
                config.postgres().superuserName(),
                config.postgres().replicationUser(),
                config.postgres().rewindUser());
        return new PatroniClient(
                options.build(),
                Timing.REAL,
                new Backing(
                        cluster.distributedConfigStore(), Optional.of(superuser), Optional.of(roles), tunnels::close));
    }

    /**
     * Opens the clients of many clusters on a few threads. Does no I/O: the first call connects.
     *
     * <pre>{@code
     * try (PatroniFleet fleet = Patroni.fleet(f -> f
     *         .cluster("orders", c -> c.endpoint("https://10.0.0.1:8008").trust(ordersCa))
     *         .cluster("billing", c -> c.endpoint("https://10.0.1.1:8008").trust(billingCa)))) {
     *     fleet.views().forEach(System.out::println);
     * }
     * }</pre>
     *
     * @param clusters adds at least one cluster
     * @return the fleet; close it after use
     * @throws io.pgha.model.InvalidConfigException when there is no cluster, or options are not valid
     * @throws PatroniException {@code patroni.tls} when a certificate or key among the options cannot be read
     */
    public static PatroniFleet fleet(UnaryOperator<PatroniFleet.Builder> clusters) {
        return new PatroniFleet(Given.completed(new PatroniFleet.Builder(), clusters, "clusters"));
    }

    /**
     * Returns the component that installs PostgreSQL and Patroni.
     *
     * @return the component, for {@code PgHa.builder().install(..)}
     */
    public static Component component() {
        return PatroniComponent.create();
    }
}
