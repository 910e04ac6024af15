package io.pgha.proxy;

import io.pgha.Problem;
import io.pgha.host.HostFacts.InterfaceAddress;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.NodeRole;
import io.pgha.model.Vip;
import io.pgha.plan.Phase;
import io.pgha.resource.AwaitResource;
import io.pgha.resource.FileResource;
import io.pgha.resource.LineMask;
import io.pgha.resource.ServiceResource;
import io.pgha.secret.Secret;
import io.pgha.spi.Component;
import io.pgha.spi.PlanContext;
import io.pgha.spi.PreflightRule;
import io.pgha.spi.Resource;
import io.pgha.spi.StageSpec;
import io.pgha.spi.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Declares keepalived on the nodes with {@link NodeRole#HAPROXY}, where the topology has virtual IPs, and refuses
 * addresses that somebody else uses or that the nodes' network cannot carry.
 *
 * <p>A virtual IP leaves its node when the node or its HAProxy dies, or when its HAProxy knows no leader while another
 * node's does. It does not come back by itself. Immutable and thread-safe.
 */
public final class KeepalivedComponent implements Component {
    private static final String UNIT = "keepalived";

    /** keepalived 2.2 may end its own test with SIGTERM after having found nothing: 143 decides nothing, words do. */
    private static final String TEST = """
            answer=$(keepalived -t -f "$1" 2>&1) || {
              status=$?
              if [ $status -ne 143 ] || [ -n "$answer" ]; then printf '%s\\n' "$answer"; exit $status; fi
            }""";

    /** Creates the component. */
    public KeepalivedComponent() {}

    @Override
    public String name() {
        return "keepalived";
    }

    @Override
    public List<String> packages(PlanContext context, Node node) {
        return node.has(NodeRole.HAPROXY) && !context.config().topology().vips().isEmpty()
                ? List.of("keepalived")
                : List.of();
    }

    @Override
    public List<PreflightRule> preflight(PlanContext context) {
        List<PreflightRule> rules = new ArrayList<>(VipRules.onHosts(context));
        rules.addAll(VrrpPassword.of(context));
        return List.copyOf(rules);
    }

    @Override
    public List<Problem> check(PlanContext context) {
        return VipRules.reachable(context);
    }

    @Override
    public List<Trace> traces(PlanContext context) {
        return context.config().topology().nodes().stream()
                .map(KeepalivedTrace::of)
                .toList();
    }

    @Override
    public List<StageSpec> stages(PlanContext context) {
        ClusterConfig config = context.config();
        List<Node> nodes = config.haproxyNodes();
        List<Vip> vips = config.topology().vips();
        if (nodes.isEmpty() || vips.isEmpty()) {
            return List.of();
        }
        Secret auth = KeepalivedFile.password(context.secrets());
        StageSpec.Builder daemons = StageSpec.of(Phase.PROXY, "keepalived").policy(new PeersFirst());
        StageSpec.Builder proof = StageSpec.of(Phase.VERIFY, "virtual IP");
        for (Node node : nodes) {
            daemons.lane(node, daemon(context, node, auth));
            proof.lane(
                    node, vips.stream().map(vip -> answers(context, node, vip)).toList());
        }
        return List.of(daemons.build(), proof.build());
    }

    private static List<Resource> daemon(PlanContext context, Node node, Secret auth) {
        ClusterConfig config = context.config();
        return List.of(
                FileResource.at(KeepalivedFile.CHECK)
                        .content(Health.script(config, node))
                        .mode("755")
                        .check("bash -n \"$1\"")
                        .build(),
                FileResource.at(KeepalivedFile.PATH)
                        .content(new KeepalivedFile(config).render(node, networkInterface(context, node), auth))
                        .mode("600")
                        .secretsBehind(LineMask.of("auth_pass"))
                        .check(TEST)
                        .reloads(UNIT)
                        .build(),
                // In force without a restart, which would move the virtual IP.
                FileResource.at(KeepalivedFile.DROP_IN)
                        .content(KeepalivedFile.RESTARTS)
                        .afterwards("systemctl daemon-reload")
                        .build(),
                ServiceResource.unit(UNIT).build());
    }

    /** Where nothing is known of the machine (files rendered without hosts) the usual name stands in. */
    private static String networkInterface(PlanContext context, Node node) {
        return Addresses.holder(context.facts(node), node.address())
                .map(InterfaceAddress::name)
                .orElse("eth0");
    }

    private static Resource answers(PlanContext context, Node node, Vip vip) {
        ClusterConfig config = context.config();
        Optional<String> foreign =
                vip.networkInterface().filter(name -> !Addresses.isNeighbour(context.facts(node), vip.address()));
        return AwaitResource.named("await:vip:" + vip.address())
                .condition("the virtual IP " + vip.address() + " leads to the leader")
                .check(foreign.map(name -> Health.ofForeign(vip, name, config)).orElseGet(() -> Health.of(vip, config)))
                .unit(UNIT)
                .build();
    }

    @Override
    public String toString() {
        return "Component " + name();
    }
}
