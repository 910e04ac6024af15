package io.pgha.patroni;

import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.NodeRole;
import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.protocol.ClusterReader;
import io.pgha.patroni.internal.rest.Channel;
import io.pgha.patroni.internal.rest.Engine;
import io.pgha.patroni.internal.rest.Members;
import io.pgha.patroni.internal.rest.Rest;
import io.pgha.patroni.internal.rest.Tls;
import io.pgha.run.MaintenanceGate;
import io.pgha.run.WhenClosed;
import io.pgha.secret.Secret;
import io.pgha.testing.ScriptedHosts;
import io.pgha.testing.ScriptedWork;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;

/**
 * What a step at pg2 meets, which is its own member: its host, its surroundings, and three members that it may talk
 * with.
 */
abstract class AtMember {
    final ClusterConfig config = ClusterConfig.builder()
            .name("main")
            .topology(t -> t.node("pg1", "10.0.0.1", NodeRole.POSTGRES, NodeRole.ETCD)
                    .node("pg2", "10.0.0.2", NodeRole.POSTGRES, NodeRole.ETCD)
                    .node("pg3", "10.0.0.3", NodeRole.POSTGRES, NodeRole.ETCD))
            .patroni(p -> p.loopWait(Duration.ofSeconds(1)))
            .build();
    final Node own = config.node("pg2");
    final ScriptedHosts hosts = new ScriptedHosts(config, "trixie");
    final ScriptedWork context = new ScriptedWork(hosts, own, UnaryOperator.identity());
    final FakeCluster cluster = new FakeCluster("4.0.7");
    final Engine engine = Engine.own();

    @AfterEach
    final void stop() throws IOException {
        engine.release().run();
        cluster.close();
    }

    final Access access() {
        PatroniClientOptions.Builder builder = PatroniClientOptions.builder()
                .trust(cluster.identity.certificatePem())
                .basicAuth("patroni", Secret.of("s3cret"));
        for (String name : List.of("pg2", "pg1", "pg3")) {
            builder.endpoint(cluster.server(name).url());
        }
        PatroniClientOptions options = builder.build();
        Tls tls = Tls.of(options);
        Rest rest =
                new Rest(options, new Members(options, at -> new Channel(at, options, tls, engine)), context::claim);
        return new Access(
                rest,
                new ClusterReader(rest, FakeCluster.FAST),
                FakeCluster.FAST,
                MaintenanceGate.open().pass("A step", WhenClosed.refuse()));
    }
}
