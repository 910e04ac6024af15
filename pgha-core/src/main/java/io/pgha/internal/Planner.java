package io.pgha.internal;

import io.pgha.Problem;
import io.pgha.host.HostFacts;
import io.pgha.host.Probe;
import io.pgha.internal.answer.Answers;
import io.pgha.internal.record.FleetRecord;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.plan.Plan;
import io.pgha.plan.PreflightFailedException;
import io.pgha.port.OperationLock;
import io.pgha.port.Ports;
import io.pgha.resource.CertificateResource;
import io.pgha.resource.FileResource;
import io.pgha.run.MaintenanceGate;
import io.pgha.spi.Component;
import io.pgha.spi.PreflightRule;
import io.pgha.spi.Resource;
import io.pgha.spi.StageSpec;
import io.pgha.spi.Trace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Makes the plan of one cluster: connect, observe everything in one command a host, judge, compare. Thread-safe. */
public final class Planner {
    private final Ports ports;
    private final ClusterConfig config;
    private final List<Component> components;
    private final MaintenanceGate gate;
    private final Redaction redaction;
    private final Hosts hosts;
    private final ClusterLock lock;

    /**
     * Creates the planner of one cluster.
     *
     * @param ports the cluster, the way to its machines, and what its components offer each other
     * @param components what is installed, in order
     * @param redaction knows the secrets of the store
     * @param gate lets through what interrupts the service
     */
    public Planner(Ports ports, List<Component> components, Redaction redaction, MaintenanceGate gate) {
        this.ports = ports;
        this.config = ports.config();
        this.components = List.copyOf(components);
        this.gate = gate;
        this.redaction = redaction;
        this.hosts = new Hosts(config, ports.transport(), redaction, new Parallel(config.name()));
        this.lock =
                new ClusterLock(config.name(), config.topology().nodes(), hosts, () -> ports.find(OperationLock.class));
    }

    private Planner(Planner installed, Ports ports) {
        this.ports = ports;
        this.config = installed.config;
        this.components = installed.components;
        this.gate = installed.gate;
        this.redaction = installed.redaction;
        this.hosts = installed.hosts;
        this.lock = installed.lock;
    }

    /**
     * Returns a planner of the same hosts whose components find other ports; the lock stays that of what is installed,
     * whose certificates are those that the DCS trusts now.
     *
     * @param others what its components find
     * @return the planner
     */
    public Planner planning(Ports others) {
        return new Planner(this, others);
    }

    /**
     * Makes the plan. Reads only.
     *
     * @param begin what a run of the plan does once nothing keeps it from its first step any more
     * @return the plan
     * @throws InterruptedException when the calling thread is interrupted
     */
    public Plan plan(Runnable begin) throws InterruptedException {
        List<Problem> unserved = Roles.unserved(config.topology(), components);
        if (!unserved.isEmpty()) {
            throw new PreflightFailedException(config.name(), unserved);
        }
        hosts.connect();
        Declared declared = new Declared(ports, components, redaction, hosts::facts);
        List<PreflightRule> rules = declared.preflight();
        List<Problem> problems = new ArrayList<>(declared.check());
        List<StageSpec> specs = problems.isEmpty() ? declared.stages() : List.of();
        List<Trace> traces = declared.traces();
        Answers answers = hosts.observe(probes(rules, specs, traces));
        problems.addAll(judge(rules, answers));
        FleetRecord record = FleetRecord.of(config, answers, hosts::facts, traces);
        problems.addAll(record.problems());
        if (record.founded() && record.problems().isEmpty()) { // a cluster of another name has an authority of its own
            new LostAuthority(config.name(), specs, answers).problem().ifPresent(problems::add);
        }
        if (!problems.isEmpty()) {
            throw new PreflightFailedException(
                    config.name(), problems.stream().map(redaction::covered).toList());
        }
        List<StageSpec> all =
                Stream.concat(Stream.of(record.stage()), specs.stream()).toList();
        return new DefaultPlan(
                config,
                hosts,
                gate,
                lock,
                new RunRecord(config, hosts, record),
                begin,
                new Differ(config.name(), answers, redaction).stages(all));
    }

    /**
     * Takes the cluster's lock as a run does.
     *
     * @param purpose what for, a verb and its object
     * @return the lock, held until it is closed
     * @throws InterruptedException when the calling thread is interrupted
     */
    public OperationLock.Held lock(String purpose) throws InterruptedException {
        return lock.acquire(purpose);
    }

    /**
     * Returns everything that stands in the way, without a plan. Reads only.
     *
     * @return the problems; empty where all is well
     * @throws InterruptedException when the calling thread is interrupted
     */
    public List<Problem> check() throws InterruptedException {
        try {
            plan(() -> {});
            return List.of();
        } catch (PreflightFailedException e) {
            return e.problems();
        }
    }

    /**
     * Returns the files that would be on the hosts, without asking any.
     *
     * @param release the Debian release to assume
     * @return files by node
     */
    public Map<Node, List<FileResource>> files(String release) {
        return declared(release, FileResource.class);
    }

    /**
     * Returns the certificates that would be on the hosts, without asking any.
     *
     * @param release the Debian release to assume
     * @return certificates by node
     */
    public Map<Node, List<CertificateResource>> certificates(String release) {
        return declared(release, CertificateResource.class);
    }

    private <T> Map<Node, List<T>> declared(String release, Class<T> kind) {
        Declared declared = new Declared(ports, components, redaction, node -> HostFacts.assumed(node, release));
        Map<Node, List<T>> found = new LinkedHashMap<>();
        for (StageSpec spec : declared.stages()) {
            spec.lanes()
                    .forEach((node, resources) -> resources.stream()
                            .filter(kind::isInstance)
                            .forEach(resource -> found.computeIfAbsent(node, any -> new ArrayList<>())
                                    .add(kind.cast(resource))));
        }
        return found;
    }

    private Map<Node, List<Probe>> probes(List<PreflightRule> rules, List<StageSpec> specs, List<Trace> traces) {
        Map<Node, List<Probe>> probes = new LinkedHashMap<>();
        config.topology()
                .nodes()
                .forEach(node -> probes.put(node, new ArrayList<>(FleetRecord.probes(config, node, traces))));
        rules.forEach(rule -> add(probes, rule.node(), rule.probe()));
        for (StageSpec spec : specs) {
            spec.cluster().ifPresent(lane -> lane.views().forEach((node, resources) -> add(probes, node, resources)));
            spec.lanes().forEach((node, resources) -> add(probes, node, resources));
        }
        return probes;
    }

    private static void add(Map<Node, List<Probe>> probes, Node node, List<Resource> resources) {
        resources.forEach(resource -> add(probes, node, resource.probe()));
    }

    private static void add(Map<Node, List<Probe>> probes, Node node, Probe probe) {
        List<Probe> lane = probes.computeIfAbsent(node, any -> new ArrayList<>());
        if (lane.contains(probe)) {
            return;
        }
        if (lane.stream().anyMatch(known -> known.id().equals(probe.id()))) {
            throw new IllegalStateException("Two resources of " + node.name() + " are named " + probe.id());
        }
        lane.add(probe);
    }

    private static List<Problem> judge(List<PreflightRule> rules, Answers answers) {
        return rules.stream()
                .flatMap(rule -> rule.judge().apply(answers.of(rule.node(), rule.probe())).stream())
                .toList();
    }
}
