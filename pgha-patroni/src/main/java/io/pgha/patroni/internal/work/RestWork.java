package io.pgha.patroni.internal.work;

import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.patroni.PatroniClientOptions;
import io.pgha.patroni.PatroniException;
import io.pgha.patroni.internal.layout.PatroniSecrets;
import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.protocol.ClusterReader;
import io.pgha.patroni.internal.protocol.Timing;
import io.pgha.patroni.internal.rest.Channel;
import io.pgha.patroni.internal.rest.Engine;
import io.pgha.patroni.internal.rest.Members;
import io.pgha.patroni.internal.rest.Rest;
import io.pgha.patroni.internal.rest.Tls;
import io.pgha.run.MaintenanceGate;
import io.pgha.run.WhenClosed;
import io.pgha.secret.Secret;
import io.pgha.spi.PlanContext;
import io.pgha.spi.Work;
import io.pgha.spi.WorkContext;
import java.time.Duration;

/**
 * Makes work of a conversation with the members' REST API, by the means of the client: the own member is asked first,
 * and each request that changes something makes sure of the run's lock before. Immutable and thread-safe.
 */
public final class RestWork {
    /** Members are on the way of an SSH connection, and somebody waits for the step. */
    private static final Timing PACE = new Timing(
            Duration.ofMillis(200), Timing.REAL.switchoverFloor(), Timing.REAL.margin(), Timing.REAL.probe());

    private final ClusterConfig config;
    private final Secret password;
    private final String trust;
    private final Timing pace;

    private RestWork(ClusterConfig config, Secret password, String trust, Timing pace) {
        this.config = config;
        this.password = password;
        this.trust = trust;
        this.pace = pace;
    }

    public static RestWork of(PlanContext context) {
        return new RestWork(
                context.config(),
                PatroniSecrets.in(context.secrets()).rest(),
                context.pki().trustedCertificates(),
                PACE);
    }

    /** What is said to the members. */
    public interface Conversation {
        void hold(Access access, WorkContext context) throws InterruptedException;
    }

    /** Returns the work that holds a conversation, whose failures are the step's. */
    public Work of(Conversation conversation) {
        return context -> {
            Engine engine = Engine.own();
            try (Rest rest = open(context, engine)) {
                conversation.hold(
                        new Access(
                                rest,
                                new ClusterReader(rest, pace),
                                pace,
                                MaintenanceGate.open().pass("A step", WhenClosed.refuse())),
                        context);
            } catch (PatroniException e) {
                throw context.failed("failed: " + e.problem().message());
            } finally {
                engine.release().run();
            }
        };
    }

    private Rest open(WorkContext context, Engine engine) {
        PatroniClientOptions.Builder builder = PatroniClientOptions.builder()
                .route(context.route())
                .basicAuth(config.patroni().restUsername(), password)
                .trust(trust)
                .endpoint(config.patroniUrl(context.node()));
        for (Node node : config.postgresNodes()) {
            if (!node.equals(context.node())) {
                builder.endpoint(config.patroniUrl(node));
            }
        }
        PatroniClientOptions options = builder.build();
        Tls tls = Tls.of(options);
        return new Rest(options, new Members(options, at -> new Channel(at, options, tls, engine)), context::claim);
    }
}
