package io.pgha.etcd.internal.component;

import static io.pgha.host.ShellQuote.quote;

import io.pgha.Problem;
import io.pgha.etcd.internal.EtcdLayout;
import io.pgha.etcd.internal.dcs.EtcdConfigStore;
import io.pgha.etcd.internal.dcs.LeaseLock;
import io.pgha.etcd.internal.rpc.ClusterAccess;
import io.pgha.etcd.internal.rpc.Session;
import io.pgha.host.Probe;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.NodeRole;
import io.pgha.model.etcd.EtcdAuthentication;
import io.pgha.plan.Impact;
import io.pgha.plan.Phase;
import io.pgha.port.CertificateRequest;
import io.pgha.port.DistributedConfigStore;
import io.pgha.port.Offer;
import io.pgha.port.OperationLock;
import io.pgha.port.Pki;
import io.pgha.port.Ports;
import io.pgha.resource.AwaitResource;
import io.pgha.resource.CertificateResource;
import io.pgha.resource.CommandResource;
import io.pgha.resource.FileResource;
import io.pgha.resource.ServedCertificate;
import io.pgha.resource.ServiceResource;
import io.pgha.resource.Systemd;
import io.pgha.resource.TlsEndpoint;
import io.pgha.spi.Component;
import io.pgha.spi.PlanContext;
import io.pgha.spi.PreflightRule;
import io.pgha.spi.Resource;
import io.pgha.spi.RollingPolicy;
import io.pgha.spi.StageSpec;
import io.pgha.spi.Trace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Declares the etcd cluster: certificates first, then the members. Stateless and thread-safe. */
public final class EtcdComponent implements Component {

    @Override
    public String name() {
        return "etcd";
    }

    @Override
    public Set<NodeRole> roles() {
        return Set.of(NodeRole.ETCD);
    }

    @Override
    public List<Offer<?>> offers() {
        return List.of(
                new Offer<>(DistributedConfigStore.class, EtcdComponent::store),
                new Offer<>(OperationLock.class, EtcdComponent::lock));
    }

    private static DistributedConfigStore store(Ports ports) {
        ClusterConfig config = ports.config();
        return new EtcdConfigStore(session(ports), config.patroni().namespace(), config.name());
    }

    /** The lock opens its session when it is taken. */
    private static OperationLock lock(Ports ports) {
        return new LeaseLock(ports.config().name(), () -> session(ports));
    }

    private static Session session(Ports ports) {
        return ClusterAccess.session(ports.config(), ports.transport(), ports.find(Pki.class), ports.secrets());
    }

    @Override
    public List<String> packages(PlanContext context, Node node) {
        return node.has(NodeRole.ETCD) ? List.of("etcd-client", "etcd-server", "openssl") : List.of();
    }

    @Override
    public List<Problem> check(PlanContext context) {
        return authenticated(context.config()) ? Authentication.check(context) : List.of();
    }

    private static boolean authenticated(ClusterConfig config) {
        return config.etcd().authentication() == EtcdAuthentication.ENABLED;
    }

    @Override
    public List<PreflightRule> preflight(PlanContext context) {
        return context.config().etcdNodes().stream()
                .flatMap(node -> Stream.of(notForeign(node), QuotaRule.of(context.config(), node)))
                .toList();
    }

    /** Debian's own settings file is all comments; one with values belongs to somebody else's etcd. */
    private static PreflightRule notForeign(Node node) {
        Probe probe = new Probe(
                "etcd:foreign",
                "if [ ! -e " + quote(EtcdLayout.ENVIRONMENT) + " ] && grep -qs '^[[:space:]]*ETCD_' /etc/default/etcd; "
                        + "then echo foreign; else echo none; fi",
                "none");
        return new PreflightRule(
                node,
                probe,
                answer -> answer.equals("foreign")
                        ? Optional.of(Problem.on(
                                node.name(),
                                "preflight.etcd-foreign",
                                "/etc/default/etcd configures an etcd that pgha did not build",
                                "if that etcd is not needed: apt-get purge etcd-server on " + node.name()
                                        + " ; otherwise give the role ETCD to another node."))
                        : Optional.empty());
    }

    @Override
    public List<Trace> traces(PlanContext context) {
        return context.config().topology().nodes().stream().map(EtcdTrace::of).toList();
    }

    @Override
    public List<StageSpec> stages(PlanContext context) {
        ClusterConfig config = context.config();
        StageSpec.Builder certificates = StageSpec.of(Phase.TRUST, "etcd certificates")
                .policy(RollingPolicy.oneByOneWhereRunning(EtcdLayout.UNIT));
        StageSpec.Builder members = StageSpec.of(Phase.DCS, "etcd members").policy(new EtcdRolling());
        for (Node node : config.etcdNodes()) {
            CertificateResource certificate = certificate(context, node);
            certificates.lane(node, certificate, served(certificate));
            members.lane(node, member(context, node));
        }
        return authenticated(config)
                ? List.of(certificates.build(), members.build(), enabled(context))
                : List.of(certificates.build(), disabled(context), members.build());
    }

    private static List<Resource> member(PlanContext context, Node node) {
        ClusterConfig config = context.config();
        List<Resource> member = new ArrayList<>();
        if (authenticated(config)) {
            member.add(Authentication.passwords(context));
        }
        member.addAll(List.of(
                FileResource.at(EtcdLayout.TRUST)
                        .content(context.pki().trustedCertificates())
                        .restarts(EtcdLayout.UNIT)
                        .build(),
                FileResource.at(EtcdLayout.ENVIRONMENT)
                        .content(EtcdFiles.environment(config, node))
                        .restarts(EtcdLayout.UNIT)
                        .build(),
                FileResource.at(EtcdLayout.DROP_IN)
                        .content(EtcdFiles.dropIn())
                        .afterwards("systemctl daemon-reload")
                        .restarts(EtcdLayout.UNIT)
                        .build(),
                FileResource.at(EtcdLayout.PROFILE)
                        .content(EtcdFiles.profile(config))
                        .build(),
                CommandResource.named("etcd:join")
                        .title("start as a member for the first time")
                        .guard(JoinScript.guard(config))
                        .bare("it has no data yet")
                        .script(JoinScript.render(config, node))
                        .limit(JoinScript.LIMIT)
                        .build(),
                ServiceResource.unit(EtcdLayout.UNIT)
                        .start(ServiceResource.Start.NO_BLOCK)
                        .restartImpact(Impact.ROLLING_RESTART)
                        .build(),
                ready(config, node)));
        return member;
    }

    /** Comes last: whoever must log in then knows how to. */
    private static StageSpec enabled(PlanContext context) {
        List<Resource> resources = List.of(Authentication.enabled(context));
        return StageSpec.of(Phase.VERIFY, "etcd authentication")
                .cluster(context.config().etcdNodes(), node -> resources)
                .build();
    }

    /** Comes before anything forgets how to log in. */
    private static StageSpec disabled(PlanContext context) {
        StageSpec.Builder stage =
                StageSpec.of(Phase.DCS, "etcd without authentication").policy(RollingPolicy.oneByOne());
        context.config().etcdNodes().forEach(node -> stage.lane(node, Authentication.disabled(context)));
        return stage.build();
    }

    /**
     * One certificate for all that a member does: it serves clients and peers, and is a client of its peers. It has no
     * common name: with authentication etcd takes that for a user, and its gateway, which the checks on the hosts ask,
     * refuses whoever has one.
     */
    private static CertificateResource certificate(PlanContext context, Node node) {
        return CertificateResource.at(EtcdLayout.CERTIFICATE)
                .pki(context.pki())
                .owner(EtcdLayout.OWNER)
                .request(CertificateRequest.builder()
                        .usage("etcd")
                        .names(node.name(), "localhost")
                        .addresses(node.address(), "127.0.0.1", "::1")
                        .build())
                .endpoints(
                        new TlsEndpoint(
                                "etcd client",
                                node.address(),
                                context.config().etcd().clientPort(),
                                TlsEndpoint.Opening.TLS),
                        new TlsEndpoint(
                                "etcd peer",
                                node.address(),
                                context.config().etcd().peerPort(),
                                TlsEndpoint.Opening.TLS))
                .build();
    }

    /**
     * A member reads its certificate at every handshake; one that does not run, or not yet at this port, is started
     * later.
     */
    private static ServedCertificate served(CertificateResource certificate) {
        return ServedCertificate.of(certificate)
                .silence(ServedCertificate.Silence.NOT_RUNNING)
                .build();
    }

    /**
     * Returns the wait for a member that serves. A restart that is only queued must not be taken for one that is over,
     * and the old process still answers then: so no job may be pending.
     */
    static AwaitResource ready(ClusterConfig config, Node node) {
        return AwaitResource.named("etcd:ready")
                .condition("etcd is healthy")
                .batch(Systemd.batch(EtcdLayout.UNIT))
                .check(Systemd.find(EtcdLayout.UNIT) + """
                        case $active-$job in
                          *-[1-9]*) echo 'systemd still works on etcd'; false ;;
                          active-*) ;;
                          *) echo "etcd is $active"; false ;;
                        esac && {
                        """ + EtcdLayout.quorumCheck(config, node) + "\n}")
                .unit(EtcdLayout.UNIT)
                .limit(Duration.ofSeconds(60))
                .build();
    }

    @Override
    public String toString() {
        return "Component " + name();
    }
}
