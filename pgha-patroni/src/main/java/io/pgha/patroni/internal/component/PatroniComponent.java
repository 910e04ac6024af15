package io.pgha.patroni.internal.component;

import io.pgha.Problem;
import io.pgha.host.Script;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.NodeRole;
import io.pgha.model.Vip;
import io.pgha.patroni.internal.layout.ConfigCheck;
import io.pgha.patroni.internal.layout.PatroniLayout;
import io.pgha.patroni.internal.layout.PatroniSecrets;
import io.pgha.patroni.internal.settings.DynamicSettings.Moment;
import io.pgha.patroni.internal.settings.HbaReach;
import io.pgha.patroni.internal.work.RestWork;
import io.pgha.plan.Impact;
import io.pgha.plan.Phase;
import io.pgha.port.CertificateRequest;
import io.pgha.resource.CertificateResource;
import io.pgha.resource.CommandResource;
import io.pgha.resource.FileResource;
import io.pgha.resource.ServedCertificate;
import io.pgha.resource.ServiceResource;
import io.pgha.resource.TlsEndpoint;
import io.pgha.spi.Component;
import io.pgha.spi.PlanContext;
import io.pgha.spi.PreflightRule;
import io.pgha.spi.Resource;
import io.pgha.spi.StageSpec;
import io.pgha.spi.Trace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Installs PostgreSQL and Patroni on the nodes that have the role, makes the cluster, and keeps both configurations,
 * the members' files and Patroni's dynamic one, as they should be. Reached through {@code Patroni.component()}.
 * Immutable and thread-safe.
 *
 * <p>The stages: certificates; files; the dynamic configuration of a cluster that already runs (so that a new replica
 * is let in before it starts); members; the dynamic configuration of a cluster that has just come up; restarts that new
 * parameters need; and the proof that what was asked for is in force.
 */
public final class PatroniComponent implements Component {
    private static final Duration STOP_AND_START = Duration.ofMinutes(4);

    private PatroniComponent() {}

    /**
     * Returns the component.
     *
     * @return the component
     */
    public static Component create() {
        return new PatroniComponent();
    }

    @Override
    public String name() {
        return "patroni";
    }

    @Override
    public Set<NodeRole> roles() {
        return Set.of(NodeRole.POSTGRES);
    }

    @Override
    public List<Resource> beforePackages(PlanContext context, Node node) {
        return node.has(NodeRole.POSTGRES)
                ? List.of(FileResource.at(PatroniLayout.CREATE_CLUSTER)
                        .content(PatroniFiles.createCluster())
                        .build())
                : List.of();
    }

    @Override
    public List<String> packages(PlanContext context, Node node) {
        return node.has(NodeRole.POSTGRES)
                ? List.of(
                        "openssl",
                        "patroni",
                        "postgresql-" + PatroniLayout.version(context, node),
                        "python3-etcd",
                        "python3-psycopg2")
                : List.of();
    }

    @Override
    public List<Problem> check(PlanContext context) {
        List<Problem> problems = new ArrayList<>(HbaReach.check(context.config()));
        problems.addAll(ReleaseRules.check(context));
        problems.addAll(PatroniSecrets.in(context.secrets()).hashes());
        return List.copyOf(problems);
    }

    @Override
    public List<PreflightRule> preflight(PlanContext context) {
        return PatroniPreflight.of(context);
    }

    @Override
    public List<Trace> traces(PlanContext context) {
        return context.config().topology().nodes().stream()
                .map(PatroniTrace::of)
                .toList();
    }

    @Override
    public List<StageSpec> stages(PlanContext context) {
        List<Node> nodes = context.config().postgresNodes();
        if (nodes.isEmpty()) {
            return List.of();
        }
        RestWork rest = RestWork.of(context);
        StageSpec.Builder certificates = StageSpec.of(Phase.TRUST, "PostgreSQL certificates");
        StageSpec.Builder files = StageSpec.of(Phase.DATABASE, "Patroni configuration");
        StageSpec.Builder members =
                StageSpec.of(Phase.DATABASE, "PostgreSQL members").policy(new MemberRolling(context));
        StageSpec.Builder restarts = StageSpec.of(Phase.DATABASE, "PostgreSQL restarts")
                .policy(new RestartRolling(context, RestartTurn.LEADER_LAST));
        StageSpec.Builder behindLeader = StageSpec.of(Phase.DATABASE, "PostgreSQL restarts behind the leader")
                .policy(new RestartRolling(context, RestartTurn.BEHIND_LEADER));
        StageSpec.Builder inForce =
                StageSpec.of(Phase.DATABASE, "what is in force").policy(new InForceRolling(context));
        for (Node node : nodes) {
            CertificateResource patroni = restCertificate(context, node);
            CertificateResource postgres = postgresCertificate(context, node);
            certificates.lane(node, trust(context), patroni, postgres);
            files.lane(node, files(context, node));
            members.lane(
                    node,
                    ServiceResource.unit(PatroniLayout.UNIT)
                            .restartImpact(Impact.SWITCHOVER)
                            .limit(STOP_AND_START)
                            .build(),
                    new ReadyResource(context, node, rest),
                    served(patroni),
                    served(postgres));
            restarts.lane(node, new PendingRestartResource(context, node, RestartTurn.LEADER_LAST, rest));
            behindLeader.lane(node, new PendingRestartResource(context, node, RestartTurn.BEHIND_LEADER, rest));
            inForce.lane(node, new InForceResource(context, node, rest));
        }
        StageSpec dynamic = StageSpec.of(Phase.DATABASE, "dynamic configuration")
                .cluster(
                        nodes,
                        node -> List.of(
                                new DynamicConfigResource(context, node, Moment.RELOAD, rest),
                                new DynamicConfigResource(context, node, Moment.RESTART, rest)))
                .build();
        // A cluster that was down when it was planned cannot be compared. A new one has all this from its first member,
        // so that
        // nothing changes; one whose old keys are still in etcd, or in a data directory, has not.
        StageSpec first = StageSpec.of(Phase.DATABASE, "dynamic configuration after the start")
                .cluster(nodes, node -> List.of(new AfterStartResource(context, node, rest)))
                .build();
        return List.of(
                certificates.build(),
                files.build(),
                dynamic,
                members.build(),
                first,
                restarts.build(),
                behindLeader.build(),
                inForce.build());
    }

    private static Resource trust(PlanContext context) {
        return FileResource.at(PatroniLayout.TRUST)
                .content(context.pki().trustedCertificates())
                .reloads(PatroniLayout.UNIT)
                .build();
    }

    private static CertificateResource restCertificate(PlanContext context, Node node) {
        return certificate(context, PatroniLayout.REST_CERTIFICATE)
                .request(request(node, "patroni").build())
                .endpoint(new TlsEndpoint(
                        "Patroni", node.address(), context.config().patroni().restPort(), TlsEndpoint.Opening.TLS))
                .build();
    }

    private static CertificateResource postgresCertificate(PlanContext context, Node node) {
        return certificate(context, PatroniLayout.POSTGRES_CERTIFICATE)
                .request(postgresRequest(context.config(), node))
                .endpoint(new TlsEndpoint(
                        "PostgreSQL",
                        node.address(),
                        context.config().postgres().port(),
                        TlsEndpoint.Opening.POSTGRES))
                .build();
    }

    /** Patroni obeys a reload when its loop comes round, and hands it on to PostgreSQL. */
    private static ServedCertificate served(CertificateResource certificate) {
        return ServedCertificate.of(certificate)
                .reload("systemctl reload " + PatroniLayout.UNIT)
                .build();
    }

    private static CertificateResource.Builder certificate(PlanContext context, String path) {
        return CertificateResource.at(path)
                .pki(context.pki())
                .owner(PatroniLayout.OWNER)
                .notify(ServiceResource.reload(PatroniLayout.UNIT));
    }

    /**
     * Patroni is etcd's client with it, through the gateway, which with authentication refuses whoever has a common
     * name.
     */
    private static CertificateRequest.Builder request(Node node, String usage) {
        return CertificateRequest.builder()
                .usage(usage)
                .names(node.name(), "localhost")
                .addresses(node.address(), "127.0.0.1", "::1");
    }

    /**
     * Clients that verify the server's name reach it through HAProxy: its names and addresses are the server's, too.
     */
    private static CertificateRequest postgresRequest(ClusterConfig config, Node node) {
        Set<String> names = new LinkedHashSet<>(List.of(node.name(), "localhost"));
        Set<String> addresses = new LinkedHashSet<>(List.of(node.address(), "127.0.0.1", "::1"));
        for (Node proxy : config.haproxyNodes()) {
            names.add(proxy.name());
            addresses.add(proxy.address());
        }
        config.topology().vips().stream().map(Vip::address).forEach(addresses::add);
        return CertificateRequest.builder()
                .commonName(node.name())
                .usage("postgres")
                .addAllNames(names)
                .addAllAddresses(addresses)
                .build();
    }

    private static List<Resource> files(PlanContext context, Node node) {
        List<Resource> files = new ArrayList<>();
        PreloadedLibraries.of(context, node).ifPresent(files::add);
        files.addAll(List.of(
                dataDirectory(PatroniLayout.dataDirectory(context, node)),
                FileResource.at(PatroniLayout.CONFIG)
                        .content(PatroniYaml.render(context, node))
                        .owner(PatroniLayout.OWNER)
                        .mode("600")
                        .secretsBehind(new PatroniYamlMask())
                        .check(ConfigCheck.SCRIPT)
                        .reloads(PatroniLayout.UNIT)
                        .build(),
                FileResource.at(PatroniLayout.DROP_IN)
                        .content(PatroniFiles.dropIn(node))
                        .afterwards("systemctl daemon-reload")
                        .restarts(PatroniLayout.UNIT)
                        .build(),
                FileResource.at(PatroniLayout.PROFILE)
                        .content(PatroniFiles.profile())
                        .build(),
                patronictl()));
        return files;
    }

    /** Patroni empties, renames and makes the data directory itself, for which it must be able to write beside it. */
    private static Resource dataDirectory(String directory) {
        String parent = directory.substring(0, Math.max(1, directory.lastIndexOf('/')));
        return CommandResource.named("patroni:data-directory")
                .title("make room for " + directory)
                .guard(Script.of("""
                    d={{directory}} p={{parent}}
                    if runuser -u postgres -- test -w "$p" || [ "$(stat -c %U "$d")" = postgres ]; then echo ok
                    else echo "postgres cannot write in $p"; fi
                    """)
                        .value("directory", directory)
                        .value("parent", parent)
                        .render())
                .script(Script.of("""
                    set -e
                    d={{directory}} p={{parent}}
                    if [ -d "$p" ]; then install -d -o postgres -g postgres -m 700 "$d"
                    else install -d -o postgres -g postgres -m 755 "$p"; fi
                    """)
                        .value("directory", directory)
                        .value("parent", parent)
                        .render())
                .build();
    }

    /**
     * Where patronictl looks by itself: this works in any shell, in cron and under sudo, for the two who may read the
     * file.
     */
    private static Resource patronictl() {
        return CommandResource.named("patroni:patronictl")
                .title("let root and postgres call patronictl without -c")
                .guard(Script.of("""
                    for home in /root /var/lib/postgresql; do
                      [ "$(readlink $home/.config/patroni/patronictl.yaml)" = {{config}} ] || missing=$home
                    done
                    if [ -n "$missing" ]; then echo "$missing has none"; else echo ok; fi
                    """).value("config", PatroniLayout.CONFIG).render())
                .script(Script.of("""
                    set -e
                    umask 022
                    for owner in root:/root postgres:/var/lib/postgresql; do
                      home=${owner#*:} user=${owner%%:*}
                      install -d -o $user -g $user "$home/.config" "$home/.config/patroni"
                      ln -sfn {{config}} "$home/.config/patroni/patronictl.yaml"
                    done
                    """).value("config", PatroniLayout.CONFIG).render())
                .build();
    }

    @Override
    public String toString() {
        return "Component " + name();
    }
}
