package io.pgha.etcd.internal.auth;

import io.pgha.etcd.EtcdException;
import io.pgha.etcd.internal.dcs.DcsKeys;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.net.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Sees every Patroni write. Its key is put on another lease, with the value that it has: a Patroni that works takes its
 * key back in its next round; one that does not loses it with that lease, as one that is dead does. Thread-safe.
 */
final class WriteProof {
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final MemberKeys keys;
    private final List<String> members;
    private final Duration ttl;
    private final Duration limit;

    WriteProof(Callers etcd, ClusterConfig config, Duration limit) {
        this.keys = new MemberKeys(etcd, DcsKeys.prefix(config.patroni().namespace(), config.name()));
        this.members = config.postgresNodes().stream().map(Node::name).toList();
        this.ttl = config.patroni().ttl();
        this.limit = limit;
    }

    /** Returns why not, or empty where every Patroni is there and has been seen to write. */
    Optional<String> everyoneMissed() throws InterruptedException {
        Optional<String> absent = absent();
        return absent.isPresent() ? absent : presentMissed();
    }

    private Optional<String> absent() throws InterruptedException {
        try {
            Map<String, Long> there = keys.leases();
            return members.stream()
                    .filter(member -> !there.containsKey(member))
                    .findFirst()
                    .map(member -> "Patroni of " + member + " has no key in etcd");
        } catch (EtcdException e) {
            return Optional.of("etcd does not answer: " + e.problem().message());
        }
    }

    /** Returns why not, or empty where every Patroni that is there has been seen to write. */
    Optional<String> presentMissed() throws InterruptedException {
        Deadline deadline = Deadline.in(limit);
        long lease;
        List<String> silent = new ArrayList<>();
        try {
            lease = keys.grant(ttl);
            for (String member : members) {
                if (keys.lend(member, lease)) {
                    silent.add(member);
                }
            }
        } catch (EtcdException e) {
            return Optional.of("etcd takes no writes: " + e.problem().message());
        }
        while (true) {
            silent.removeAll(writers(lease));
            if (silent.isEmpty()) {
                return Optional.empty();
            }
            if (deadline.passed()) {
                return Optional.of("Patroni of " + silent.get(0) + " has not written for " + limit.toSeconds() + " s");
            }
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
    }

    /** An etcd that does not answer once may still do so in time. */
    private List<String> writers(long lease) throws InterruptedException {
        try {
            return keys.leases().entrySet().stream()
                    .filter(each -> each.getValue() != lease)
                    .map(Map.Entry::getKey)
                    .toList();
        } catch (EtcdException e) {
            return List.of();
        }
    }
}
