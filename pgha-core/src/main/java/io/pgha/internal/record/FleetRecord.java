package io.pgha.internal.record;

import io.pgha.Problem;
import io.pgha.host.HostFacts;
import io.pgha.host.Probe;
import io.pgha.internal.answer.Answers;
import io.pgha.model.ClusterConfig;
import io.pgha.model.ConfigCodec;
import io.pgha.model.Node;
import io.pgha.os.Claim;
import io.pgha.plan.Phase;
import io.pgha.port.OperationLock;
import io.pgha.resource.FileResource;
import io.pgha.spi.Act;
import io.pgha.spi.Observation;
import io.pgha.spi.StageSpec;
import io.pgha.spi.Trace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What all hosts of a cluster have on record, as one plan has found it: what serves, what stands in the way, and what a
 * run of the plan writes at its begin and at its end. Immutable and thread-safe.
 */
public final class FleetRecord {
    static final String PATH = "/var/lib/pgha/record";
    static final String BY_HAND = " Whoever has changed it by hand on all hosts, files included, removes " + PATH
            + " on each of them: the next plan reads the files.";

    private static final Probe DEPARTURES = new Probe("record:departed", "ls " + Departure.DIRECTORY, "");
    private static final FileResource FILE =
            FileResource.at(PATH).mode("600").content("").build();

    private final ClusterConfig config;
    private final Map<Node, HostRecord> records = new LinkedHashMap<>();
    /** By their texts, which are the same on most hosts. */
    private final Map<String, Attributes> configs = new HashMap<>();

    private final List<Problem> problems = new ArrayList<>();
    private final Optional<HostRecord> latest;
    private final Set<String> departed = new LinkedHashSet<>();
    private final Function<Node, HostFacts> facts;
    private final String cluster;
    private final boolean founded;

    private FleetRecord(ClusterConfig config, Answers answers, Function<Node, HostFacts> facts, List<Trace> traces) {
        this.config = config;
        this.facts = facts;
        Claims claims = Claims.of(config, answers);
        problems.addAll(claims.problems());
        claims.members().forEach(node -> read(node, answers));
        this.cluster = mostHostsSay().orElseGet(() -> UUID.randomUUID().toString());
        records.forEach(this::judge);
        records.values().removeIf(record -> !record.cluster().equals(cluster));
        this.latest = records.values().stream().max(Comparator.comparing(HostRecord::generation));
        config.topology()
                .nodes()
                .forEach(node -> answers.of(node, DEPARTURES).lines().forEach(departed::add));
        Attributes there = there(claims, answers, traces);
        this.founded = !there.paths().isEmpty();
        List<Problem> changes = new ChangeGuard(config, there, departed).problems();
        problems.removeIf(problem -> problem.code().equals(Claims.HOST_CLAIMED) && renamed(problem, changes));
        problems.addAll(changes);
    }

    /** A node that got another name is not on somebody else's host. */
    private static boolean renamed(Problem claimed, List<Problem> changes) {
        return changes.stream()
                .anyMatch(change -> change.code().equals(ChangeRule.NODE_NAME)
                        && change.node().equals(claimed.node()));
    }

    private Optional<String> mostHostsSay() {
        Map<String, Long> hosts = records.values().stream()
                .collect(Collectors.groupingBy(HostRecord::cluster, LinkedHashMap::new, Collectors.counting()));
        return hosts.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
    }

    /**
     * Takes what the hosts have answered.
     *
     * @param config what is wanted
     * @param answers the answers to {@link #probes} and to the traces
     * @param facts the machines
     * @param traces how files tell what made them, where there is no record
     * @return the record
     */
    public static FleetRecord of(
            ClusterConfig config, Answers answers, Function<Node, HostFacts> facts, List<Trace> traces) {
        return new FleetRecord(config, answers, facts, traces);
    }

    /**
     * Returns what each host is asked.
     *
     * @param config the cluster
     * @param node the host
     * @param traces how files tell what made them
     * @return the probes
     */
    public static List<Probe> probes(ClusterConfig config, Node node, List<Trace> traces) {
        List<Probe> probes = new ArrayList<>(
                List.of(FILE.probe(), Claim.resource(config, node).probe(), DEPARTURES));
        traces.stream()
                .filter(trace -> trace.node().equals(node))
                .map(trace -> whereNotOnRecord(trace.probe()))
                .forEach(probes::add);
        return probes;
    }

    /** A record of a deploy that ended says more than files, and costs less. */
    private static Probe whereNotOnRecord(Probe probe) {
        String script = probe.batches().stream().map(Probe.Batch::alone).collect(Collectors.joining()) + probe.script();
        return new Probe(
                probe.id(),
                "if [ -z \"$batch\" ]; then\n" + script + "\nfi",
                probe.bare(),
                Optional.of(new Probe.Batch("grep '^applied:'", List.of(PATH))));
    }

    /**
     * Returns what stands in the way: hosts that are not this cluster's, records that are not to be trusted, and
     * changes that would break what serves.
     *
     * @return the problems
     */
    public List<Problem> problems() {
        return List.copyOf(problems);
    }

    /**
     * Returns whether a cluster was deployed on these hosts, or begun so far that there is something to lose.
     *
     * @return false on bare hosts
     */
    public boolean founded() {
        return founded;
    }

    /**
     * Returns the step of each host whose record does not stand as a run that ended well leaves it.
     *
     * @return the stage; without steps where all is in order
     */
    public StageSpec stage() {
        StageSpec.Builder stage = StageSpec.of(Phase.OS, "record");
        config.topology()
                .nodes()
                .forEach(node -> reason(node)
                        .ifPresent(reason -> stage.lane(node, new RecordResource(FILE, reason, generation() + 1))));
        return stage.build();
    }

    private Optional<String> reason(Node node) {
        HostRecord record = records.get(node);
        if (record == null) {
            return Optional.of("absent");
        }
        if (record.generation() < generation()) {
            return Optional.of("missed " + (generation() - record.generation()) + " runs");
        }
        return record.settled() ? Optional.empty() : Optional.of("the last run did not come to its end");
    }

    /**
     * Returns the question whose answer changes with every run.
     *
     * @return the probe
     */
    public static Probe probe() {
        return FILE.probe();
    }

    /**
     * Returns whether a run has begun since.
     *
     * @param node the host
     * @param answer what it answers to {@link #probe} now
     * @return true where the record is another
     */
    public boolean moved(Node node, String answer) {
        long now = Answers.content(answer).map(FleetRecord::generation).orElse(0L);
        HostRecord then = records.get(node);
        return now != (then == null ? now : then.generation());
    }

    static long generation(String text) {
        try {
            return HostRecord.parse(text).generation();
        } catch (IllegalArgumentException unreadable) {
            return 0;
        }
    }

    private long generation() {
        return latest.map(HostRecord::generation).orElse(0L);
    }

    /**
     * Returns what a run writes.
     *
     * @param holder who makes it, since when, and what for
     * @return its entries
     */
    public RunEntry entry(OperationLock.Holder holder) {
        return new RunEntry(
                this, new HostRecord.PastRun(holder.who(), holder.since().toString(), holder.purpose(), "begun"));
    }

    HostRecord begun(Node node, HostRecord.PastRun run) {
        return new HostRecord(
                        HostRecord.FORMAT,
                        cluster,
                        facts.apply(node).machineId(),
                        generation() + 1,
                        latest.flatMap(HostRecord::applied),
                        Optional.of(ConfigCodec.yaml().writeWhole(config)),
                        Optional.empty(),
                        latest.map(HostRecord::runs).orElse(List.of()),
                        List.of())
                .with(run);
    }

    /** Returns what puts a record in place, all or nothing. */
    static Act.OnHost write(HostRecord record) {
        FileResource.Builder file = FileResource.at(PATH).mode("600").content(record.text());
        return (record.settled() ? file.afterwards("rm -rf " + Departure.DIRECTORY) : file)
                .build()
                .act(Observation.of(""));
    }

    private void read(Node node, Answers answers) {
        answers.file(node, FILE.probe()).ifPresent(text -> {
            try {
                HostRecord record = HostRecord.parse(text);
                if (record.format() > HostRecord.FORMAT) {
                    problems.add(Problem.on(
                            node.name(),
                            "record.newer-format",
                            "A newer pgha works on this cluster: " + PATH + " is of format " + record.format()
                                    + ", and this pgha knows " + HostRecord.FORMAT,
                            "Plan with the pgha that has written it, or a newer one."));
                } else {
                    record.configs().forEach(config -> configs.computeIfAbsent(config, Attributes::ofYaml));
                    records.put(node, record);
                }
            } catch (IllegalArgumentException e) {
                problems.add(Problem.on(
                        node.name(),
                        "record.unreadable",
                        PATH + " cannot be read: " + e.getMessage(),
                        "Remove " + PATH + " on " + node.name()
                                + ": the next plan takes the other hosts' word, or reads"
                                + " what serves from its files."));
            }
        });
    }

    private void judge(Node node, HostRecord record) {
        String machine = facts.apply(node).machineId();
        if (!record.cluster().equals(cluster)) {
            problems.add(Problem.on(
                    node.name(),
                    "record.other-cluster",
                    "The host " + node.sshAddress() + " belongs to another cluster of the name " + config.name() + ": "
                            + PATH + " says " + record.cluster() + ", the other hosts say " + cluster,
                    "Give node " + node.name() + " the address of its own host; or, when nobody needs what runs on this"
                            + " one, stop it and remove /var/lib/pgha there."));
        } else if (!record.machine().equals(machine)) {
            problems.add(Problem.on(
                    node.name(),
                    "record.other-machine",
                    "The host " + node.sshAddress() + " is a copy of another machine: " + PATH + " was written on "
                            + record.machine() + ", and this is " + machine,
                    "If it is a clone, give node " + node.name() + " the address of the original and take the copy off"
                            + " the network. If it is the original with a new machine-id, remove " + PATH + " on it."));
        }
    }

    /** What was applied, and what was begun; where no run has ended well yet, what the files tell. */
    private Attributes there(Claims claims, Answers answers, List<Trace> traces) {
        Set<String> wanted = new LinkedHashSet<>();
        for (HostRecord record : records.values()) {
            if (record.generation() == generation() && record.applied().isPresent()) {
                wanted.addAll(record.configs());
            }
        }
        return wanted.stream()
                .map(configs::get)
                .reduce(Attributes::and)
                .orElseGet(() -> traced(claims, answers, traces));
    }

    /** Files of a deploy that did not come far enough to found anything tell nothing that may not be changed. */
    private static Attributes traced(Claims claims, Answers answers, List<Trace> traces) {
        Attributes told = claims.told();
        for (Trace trace : traces) {
            if (claims.members().contains(trace.node())) {
                String answer = answers.of(trace.node(), trace.probe());
                if (!answer.isEmpty()) {
                    told = told.and(Attributes.ofTree(trace.facts().apply(answer)));
                }
            }
        }
        boolean founded = told.paths().stream().anyMatch(path -> path.words().contains("roles"));
        return founded ? told : Attributes.none();
    }
}
