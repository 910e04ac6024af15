package io.pgha.testing;

import io.pgha.PgHa;
import io.pgha.host.InMemoryTransport;
import io.pgha.model.ClusterConfig;
import io.pgha.model.NodeRole;
import io.pgha.port.Pki;
import io.pgha.secret.SecretStore;
import io.pgha.spi.Component;
import java.util.List;

/** What tests that need no host start from. */
public final class Rehearsal {
    private Rehearsal() {}

    /** The cluster of the README: three database nodes with etcd, two proxies, one virtual IP. */
    public static ClusterConfig.Builder config() {
        return ClusterConfig.builder()
                .name("demo")
                .topology(t -> t.node("postgres-01", "192.168.60.103", NodeRole.ETCD, NodeRole.POSTGRES)
                        .node("postgres-02", "192.168.60.104", NodeRole.ETCD, NodeRole.POSTGRES)
                        .node("postgres-03", "192.168.60.105", NodeRole.ETCD, NodeRole.POSTGRES)
                        .node("haproxy-01", "192.168.60.100", NodeRole.HAPROXY)
                        .node("haproxy-02", "192.168.60.101", NodeRole.HAPROXY)
                        .vip("192.168.60.110/24"));
    }

    /**
     * A library that touches machines in memory only; with fake certificates unless a component brings others, and no
     * role unserved.
     */
    public static PgHa pgha(InMemoryTransport transport, SecretStore secrets, List<Component> components) {
        PgHa.Builder builder = PgHa.builder().transport(transport).secrets(secrets);
        if (components.stream()
                .flatMap(component -> component.offers().stream())
                .noneMatch(offer -> offer.port() == Pki.class)) {
            builder.install(new FakePki());
        }
        components.forEach(builder::install);
        return builder.install(StandIn.beside(components)).build();
    }
}
