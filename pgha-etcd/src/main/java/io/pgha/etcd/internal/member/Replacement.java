package io.pgha.etcd.internal.member;

import static io.pgha.host.ShellQuote.quote;

import io.pgha.Cluster;
import io.pgha.etcd.EtcdException;
import io.pgha.etcd.EtcdMember;
import io.pgha.etcd.MemberStatus;
import io.pgha.etcd.internal.EtcdLayout;
import io.pgha.etcd.internal.rpc.Failures;
import io.pgha.host.Script;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.port.OperationLock;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Puts a new member in the place of one that is dead or has lost its data: the old one goes first, so that the quorum
 * is counted without it; the new one learns without a vote, and gets its vote when it knows all. Whatever an attempt
 * that was cut short has left, the next one goes on from there. Thread-safe.
 */
public final class Replacement {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Cluster cluster;
    private final Membership membership;
    private final Machines machines;

    public Replacement(Cluster cluster, Membership membership, Machines machines) {
        this.cluster = cluster;
        this.membership = membership;
        this.machines = machines;
    }

    public EtcdMember replace(String name) throws InterruptedException {
        ClusterConfig config = cluster.config();
        Node node = config.etcdNodes().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Failures.of(
                        EtcdException.NO_MEMBER,
                        config.name() + " has no etcd node \"" + name + "\"",
                        "Name one of "
                                + config.etcdNodes().stream().map(Node::name).collect(Collectors.joining(", ")) + "."));
        try (OperationLock.Held lock = cluster.lock("replace the etcd member " + name)) {
            URI peer = URI.create(EtcdLayout.peerUrl(config, node));
            Optional<MemberStatus> known = at(peer);
            boolean learning = known.filter(each -> each.member().learner()).isPresent();
            if (known.isPresent() && !learning) {
                refuseWhatServes(known.get());
                membership.refuseToLoseQuorum(known.get());
                machines.run(node, "stop etcd and remove its data", stopAndWipe(config));
                lock.check();
                membership.remove(known.get().member().id());
            }
            lock.check();
            EtcdMember learner = learning ? known.get().member() : announce(node, peer, known);
            if (learner.name().isEmpty()) {
                lock.check();
                machines.run(node, "start etcd as a learner", start(config, node));
            }
            EtcdMember voter = membership.promote(learner.id(), LIMIT);
            membership.awaitHealthy(LIMIT, "replacing " + name);
            return voter;
        }
    }

    private EtcdMember announce(Node node, URI peer, Optional<MemberStatus> known) throws InterruptedException {
        if (known.isEmpty()) {
            machines.run(node, "stop etcd and remove its data", stopAndWipe(cluster.config()));
        }
        return membership.addLearner(peer);
    }

    private Optional<MemberStatus> at(URI peer) throws InterruptedException {
        return membership.status().members().stream()
                .filter(each -> each.member().peerUrls().contains(peer))
                .findFirst();
    }

    private static void refuseWhatServes(MemberStatus own) {
        if (own.healthy()) {
            throw Failures.of(
                    EtcdException.REFUSED,
                    "Refused to replace " + own.member().title()
                            + ": it serves, and its data would be thrown away. Nothing" + " was changed",
                    "If it must go nevertheless, stop it first: systemctl stop etcd on "
                            + own.member().title() + ".");
        }
    }

    private static String stopAndWipe(ClusterConfig config) {
        return "set -e\nsystemctl stop etcd\nrm -f " + EtcdLayout.FIRST_START + "\nrm -rf "
                + quote(EtcdLayout.dataDirectory(config));
    }

    private String start(ClusterConfig config, Node node) throws InterruptedException {
        List<EtcdMember> members = membership.members();
        String peer = EtcdLayout.peerUrl(config, node);
        String initial = Stream.concat(
                        members.stream()
                                .filter(member -> !member.name().isEmpty())
                                .flatMap(member -> member.peerUrls().stream().map(url -> member.name() + "=" + url)),
                        Stream.of(node.name() + "=" + peer))
                .collect(Collectors.joining(","));
        return Script.of("""
            set -e
            umask 022
            printf 'ETCD_INITIAL_CLUSTER_STATE=existing\\nETCD_INITIAL_CLUSTER="%s"\\n' {{members}} >{{firstStart}}.new
            mv -f {{firstStart}}.new {{firstStart}}
            systemctl daemon-reload
            systemctl --quiet enable etcd
            rm -f /var/lib/pgha/pending/etcd
            systemctl restart --no-block etcd
            """)
                .value("members", initial)
                .value("firstStart", EtcdLayout.FIRST_START)
                .render();
    }
}
