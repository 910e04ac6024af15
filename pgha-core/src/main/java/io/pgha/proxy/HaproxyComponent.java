package io.pgha.proxy;

import io.pgha.PgHaException;
import io.pgha.Problem;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.NodeRole;
import io.pgha.plan.Phase;
import io.pgha.resource.AwaitResource;
import io.pgha.resource.FileResource;
import io.pgha.resource.LineMask;
import io.pgha.resource.ServiceResource;
import io.pgha.secret.Secret;
import io.pgha.spi.Component;
import io.pgha.spi.PlanContext;
import io.pgha.spi.Resource;
import io.pgha.spi.RollingPolicy;
import io.pgha.spi.StageSpec;
import io.pgha.spi.Trace;
import java.util.List;
import java.util.Set;

/**
 * Declares HAProxy on the nodes with {@link NodeRole#HAPROXY}. It asks every node's Patroni, over verified TLS, what
 * the node is, and has these listeners on all addresses:
 *
 * <ul>
 *   <li>read-write: the leader only; sessions are cut when it stops being one;
 *   <li>read-only: replicas; the leader while there is no replica;
 *   <li>sync: synchronous replicas (in quorum mode: members of the quorum);
 *   <li>async: asynchronous replicas;
 *   <li>statistics: a page for {@code haproxy.statsUser} and the secret {@code haproxy.stats}, and {@code /health},
 *       which answers 200 while exactly one leader is known, to anybody who asks.
 * </ul>
 *
 * <p>Immutable and thread-safe.
 */
public final class HaproxyComponent implements Component {
    private static final int PASSWORD_LENGTH = 24;
    private static final String UNIT = "haproxy";

    /** Creates the component. */
    public HaproxyComponent() {}

    @Override
    public String name() {
        return "haproxy";
    }

    @Override
    public Set<NodeRole> roles() {
        return Set.of(NodeRole.HAPROXY);
    }

    @Override
    public List<String> packages(PlanContext context, Node node) {
        return node.has(NodeRole.HAPROXY) ? List.of("haproxy") : List.of();
    }

    @Override
    public List<Problem> check(PlanContext context) {
        return context.config().haproxyNodes().isEmpty()
                ? List.of()
                : HaproxyFile.defect(password(context)).stream().toList();
    }

    @Override
    public List<Trace> traces(PlanContext context) {
        return context.config().topology().nodes().stream()
                .map(HaproxyTrace::of)
                .toList();
    }

    @Override
    public List<StageSpec> stages(PlanContext context) {
        List<Node> nodes = context.config().haproxyNodes();
        if (nodes.isEmpty()) {
            return List.of();
        }
        List<Resource> resources = resources(context);
        StageSpec.Builder stage = StageSpec.of(Phase.PROXY, "HAProxy").policy(RollingPolicy.oneByOneWhereRunning(UNIT));
        nodes.forEach(node -> stage.lane(node, resources));
        return List.of(stage.build());
    }

    private static List<Resource> resources(PlanContext context) {
        ClusterConfig config = context.config();
        HaproxyFile file = new HaproxyFile(config);
        HaproxyFile.defect(password(context)).ifPresent(problem -> {
            throw new PgHaException(problem);
        });
        return List.of(
                FileResource.at("/etc/systemd/system/haproxy.service.d/pgha.conf")
                        .content("# Written by pgha.\n[Service]\nLimitNOFILE=" + file.openFiles() + "\n")
                        .restarts(UNIT)
                        .build(),
                FileResource.at(HaproxyFile.CA)
                        .content(context.pki().trustedCertificates())
                        .reloads(UNIT)
                        .build(),
                FileResource.at(HaproxyFile.PATH)
                        .content(file.render(password(context)))
                        .owner("root:haproxy")
                        .mode("640")
                        .secretsBehind(LineMask.of("stats auth"))
                        .check("haproxy -c -f \"$1\"")
                        .reloads(UNIT)
                        .build(),
                ServiceResource.unit(UNIT).reloadEffect(file.reloadEffect()).build(),
                AwaitResource.named("await:haproxy")
                        .condition("HAProxy has found the leader")
                        .check(Health.ofThisMachine(config))
                        .unit(UNIT)
                        .build());
    }

    private static Secret password(PlanContext context) {
        return context.secrets().obtain(HaproxyFile.STATS_SECRET, () -> Secret.random(PASSWORD_LENGTH));
    }

    @Override
    public String toString() {
        return "Component " + name();
    }
}
