package io.pgha.patroni.internal.operation;

import io.pgha.model.patroni.SynchronousMode;
import io.pgha.patroni.internal.protocol.ClusterReader;
import io.pgha.patroni.internal.protocol.ClusterSettings;
import io.pgha.patroni.internal.protocol.StatusDocument;
import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.internal.version.Feature;
import io.pgha.patroni.internal.version.PatroniVersion;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberRole;
import io.pgha.patroni.view.MemberView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Weighs the replicas of a cluster as new leaders, by what the cluster says of them and what each says of itself. */
final class Candidates {
    private final ClusterView view;
    private final ClusterSettings settings;
    private final Map<String, ClusterReader.Probe> probes;

    private Candidates(ClusterView view, ClusterSettings settings, Map<String, ClusterReader.Probe> probes) {
        this.view = view;
        this.settings = settings;
        this.probes = probes;
    }

    /** Asks all members how they are, at the same time, and weighs each replica. */
    static List<Candidate> weigh(ClusterReader reader, ClusterView view, ClusterSettings settings)
            throws InterruptedException {
        return new Candidates(view, settings, reader.probe(view.members())).weigh();
    }

    static Map<String, String> verdicts(List<Candidate> candidates) {
        Map<String, String> verdicts = new LinkedHashMap<>();
        candidates.forEach(candidate -> verdicts.put(candidate.name(), candidate.verdict()));
        return verdicts;
    }

    static String sentence(List<Candidate> candidates) {
        return candidates.stream()
                .map(candidate -> Text.printable(candidate.name()) + ": " + candidate.verdict())
                .collect(Collectors.joining("; "));
    }

    private List<Candidate> weigh() {
        List<Candidate> candidates = new ArrayList<>();
        for (MemberView member : view.replicas()) {
            OptionalLong lag = lag(member);
            candidates.add(new Candidate(
                    member.name(),
                    objection(member, lag),
                    lag.orElse(Long.MAX_VALUE),
                    member.role() == MemberRole.SYNC_STANDBY || member.role() == MemberRole.QUORUM_STANDBY,
                    priority(member)));
        }
        return candidates;
    }

    private Optional<String> objection(MemberView member, OptionalLong lag) {
        ClusterReader.Probe probe = probes.get(member.name());
        if (probe == null || probe.status().isEmpty()) {
            return Optional.of("its REST API gives no answer"
                    + (probe == null ? " (it has no address)" : " (" + probe.failure() + ")"));
        }
        StatusDocument status = probe.status().get();
        if ("true".equals(member.tags().get("nofailover"))) {
            return Optional.of("tag nofailover");
        }
        if (priority(member) <= 0) {
            return Optional.of("tag failover_priority " + priority(member));
        }
        if (!streaming(member, status)) {
            return Optional.of("not streaming (" + Text.printable(state(member, status)) + ")");
        }
        if (status.watchdogFailed()) {
            return Optional.of("its watchdog cannot be used");
        }
        if (member.timeline().isPresent()
                && view.leader().isPresent()
                && view.leader().get().timeline().isPresent()
                && !view.leader().get().timeline().equals(member.timeline())) {
            return Optional.of("on timeline " + member.timeline().getAsInt() + ", the leader on "
                    + view.leader().get().timeline().getAsInt());
        }
        if (lag.isEmpty()) {
            return Optional.of("its lag is unknown");
        }
        if (lag.getAsLong() > settings.maximumLag()) {
            return Optional.of(Text.bytes(lag.getAsLong()) + " behind, more than maximum_lag_on_failover ("
                    + Text.bytes(settings.maximumLag()) + ")");
        }
        if (settings.synchronous() == SynchronousMode.ON && member.role() != MemberRole.SYNC_STANDBY) {
            return Optional.of("not synchronous, and synchronous_mode is on");
        }
        return Optional.empty();
    }

    private static boolean streaming(MemberView member, StatusDocument status) {
        if (!status.running()) {
            return false;
        }
        boolean says = status.version()
                .flatMap(PatroniVersion::parse)
                .map(version -> version.has(Feature.REPLICATION_STATE))
                .orElse(true);
        return says ? status.replicationState().map("streaming"::equals).orElse(member.streaming()) : member.running();
    }

    private static String state(MemberView member, StatusDocument status) {
        return status.running() ? status.replicationState().orElse(member.state()) : status.state();
    }

    /** Compares what leader and replica say of themselves at this moment; else what the cluster published last. */
    private OptionalLong lag(MemberView member) {
        OptionalLong leader = location(view.leader());
        OptionalLong replica = location(Optional.of(member));
        if (leader.isPresent() && replica.isPresent()) {
            return OptionalLong.of(Math.max(0, leader.getAsLong() - replica.getAsLong()));
        }
        return member.lag();
    }

    private OptionalLong location(Optional<MemberView> member) {
        return member.flatMap(one -> Optional.ofNullable(probes.get(one.name())))
                .flatMap(ClusterReader.Probe::status)
                .map(status -> status.location().isPresent() ? status.location() : status.receivedLocation())
                .orElse(OptionalLong.empty());
    }

    private static int priority(MemberView member) {
        String text = member.tags().getOrDefault("failover_priority", "1");
        return text.matches("-?\\d{1,9}") ? Integer.parseInt(text) : 1;
    }
}
