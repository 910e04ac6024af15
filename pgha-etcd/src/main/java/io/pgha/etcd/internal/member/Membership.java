package io.pgha.etcd.internal.member;

import io.etcd.jetcd.api.AlarmMember;
import io.etcd.jetcd.api.AlarmRequest;
import io.etcd.jetcd.api.ClusterGrpc;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.Member;
import io.etcd.jetcd.api.MemberAddRequest;
import io.etcd.jetcd.api.MemberListRequest;
import io.etcd.jetcd.api.MemberPromoteRequest;
import io.etcd.jetcd.api.MemberRemoveRequest;
import io.etcd.jetcd.api.MoveLeaderRequest;
import io.etcd.jetcd.api.StatusRequest;
import io.etcd.jetcd.api.StatusResponse;
import io.grpc.Channel;
import io.pgha.Problem;
import io.pgha.client.Async;
import io.pgha.etcd.EtcdException;
import io.pgha.etcd.EtcdMember;
import io.pgha.etcd.EtcdStatus;
import io.pgha.etcd.MemberStatus;
import io.pgha.etcd.internal.rpc.Failures;
import io.pgha.etcd.internal.rpc.Gateway;
import io.pgha.etcd.internal.rpc.Rpc;
import io.pgha.net.Deadline;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Who belongs to the cluster and how they are; what changes that, and the refusal to leave the quorum. Thread-safe. */
public final class Membership {
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration SETTLE = Duration.ofSeconds(20);
    private static final Duration ELECTION = Duration.ofSeconds(20);
    /** An alarm as etcd prints it, {@code memberID:10276657743932975437 alarm:NOSPACE}. */
    private static final Pattern ALARM = Pattern.compile("memberID:(\\d+) alarm:(\\w+)");

    private final Rpc rpc;
    private final Gateway gateway;
    private final Async async;
    private final Duration patience;

    public Membership(Rpc rpc, Gateway gateway, Async async, Duration patience) {
        this.rpc = rpc;
        this.gateway = gateway;
        this.async = async;
        this.patience = patience;
    }

    public List<EtcdMember> members() throws InterruptedException {
        List<EtcdMember> members = rpc
                .read(channel -> ClusterGrpc.newBlockingStub(channel)
                        .memberList(MemberListRequest.getDefaultInstance())
                        .getMembersList())
                .stream()
                .map(Membership::listed)
                .toList();
        rpc.found(members.stream()
                .flatMap(member -> member.clientUrls().stream().limit(1))
                .toList());
        return members;
    }

    private static EtcdMember listed(Member member) {
        return new EtcdMember(
                member.getName(),
                Long.toHexString(member.getID()),
                member.getPeerURLsList().stream().map(URI::create).toList(),
                member.getClientURLsList().stream().map(URI::create).toList(),
                member.getIsLearner());
    }

    private static long number(EtcdMember member) {
        return Long.parseUnsignedLong(member.id(), 16);
    }

    EtcdMember member(String name) throws InterruptedException {
        List<EtcdMember> members = members();
        return members.stream()
                .filter(member -> member.name().equals(name) || member.id().equals(name))
                .findFirst()
                .orElseThrow(() -> noMember(name, members));
    }

    private static EtcdException noMember(String name, List<EtcdMember> members) {
        return Failures.of(
                EtcdException.NO_MEMBER,
                "etcd has no member \"" + name + "\"",
                "Name one of " + members.stream().map(EtcdMember::toString).collect(Collectors.joining(", ")) + ".");
    }

    /**
     * All members are asked at once: gRPC for the figures and for a read of its own, the gateway as Patroni does. None
     * of it but that read needs a quorum, so that a cluster without one shows how it is.
     */
    public EtcdStatus status() throws InterruptedException {
        Map<EtcdMember, Callable<Asked>> work = new LinkedHashMap<>();
        members().forEach(member -> work.put(member, () -> ask(member)));
        Collection<Asked> answers = async.all(work).values();
        long head = answers.stream()
                .flatMap(each -> each.status().stream())
                .mapToLong(StatusResponse::getRaftIndex)
                .max()
                .orElse(0);
        Map<Long, Set<String>> alarms =
                alarms(answers.stream().flatMap(each -> each.status().stream()).toList());
        return new EtcdStatus(answers.stream()
                .map(each -> each.view(head, alarms.getOrDefault(number(each.member()), Set.of())))
                .toList());
    }

    private record Asked(EtcdMember member, Optional<StatusResponse> status, Optional<Problem> problem) {
        MemberStatus view(long head, Set<String> alarms) {
            return new MemberStatus(
                    member,
                    status.filter(s -> s.getLeader() != 0 && s.getLeader() == number(member))
                            .isPresent(),
                    status.map(s -> new MemberStatus.Figures(
                            s.getVersion(),
                            s.getDbSize(),
                            s.getDbSizeInUse(),
                            s.getRaftTerm(),
                            s.getRaftIndex(),
                            s.getRaftAppliedIndex(),
                            head - s.getRaftIndex())),
                    alarms,
                    problem);
        }
    }

    private Asked ask(EtcdMember member) throws InterruptedException {
        Optional<URI> url = member.clientUrls().stream().findFirst();
        if (url.isEmpty()) {
            return new Asked(
                    member,
                    Optional.empty(),
                    Optional.of(unhealthy(member, "it has never started", "Start etcd there, or remove the member.")));
        }
        Optional<StatusResponse> status = Optional.empty();
        try {
            status = Optional.of(figures(url.get()));
            // A learner refuses reads that need the leader; that it answers is all that can be asked of it.
            if (!member.learner()) {
                rpc.readAt(
                        url.get(),
                        patience,
                        channel -> KVGrpc.newBlockingStub(channel).range(Rpc.ANY_KEY));
                // That read may have waited for an election; the leader is the one that served it.
                status = Optional.of(figures(url.get()));
            }
        } catch (EtcdException e) {
            if (!e.code().equals(EtcdException.UNAUTHORIZED)) {
                return new Asked(
                        member,
                        status,
                        Optional.of(unhealthy(member, e.problem().message(), e.remedy())));
            }
        }
        Optional<String> gatewayDefect = member.learner() ? Optional.empty() : gateway.defect(url.get());
        return new Asked(
                member,
                status,
                gatewayDefect.map(why -> unhealthy(
                        member,
                        why,
                        "Patroni needs the gateway: the member's certificate must be good for a server and for a client"
                                + " (extended key usage), and its journal says more.")));
    }

    private StatusResponse figures(URI member) throws InterruptedException {
        return rpc.at(
                member,
                patience,
                channel -> MaintenanceGrpc.newBlockingStub(channel).status(StatusRequest.getDefaultInstance()));
    }

    private static Problem unhealthy(EtcdMember member, String why, String remedy) {
        return new Problem(
                EtcdException.UNHEALTHY,
                member.name().isEmpty() ? Optional.empty() : Optional.of(member.name()),
                why,
                remedy);
    }

    /** Every member tells all alarms that it knows of among its errors; a request for alarms would need a quorum. */
    static Map<Long, Set<String>> alarms(List<StatusResponse> answers) {
        Map<Long, Set<String>> alarms = new TreeMap<>();
        for (StatusResponse answer : answers) {
            for (String error : answer.getErrorsList()) {
                Matcher alarm = ALARM.matcher(error);
                if (alarm.find()) {
                    alarms.computeIfAbsent(Long.parseUnsignedLong(alarm.group(1)), id -> new TreeSet<>())
                            .add(alarm.group(2));
                }
            }
        }
        return alarms;
    }

    List<AlarmMember> rawAlarms() throws InterruptedException {
        return rpc.read(channel -> MaintenanceGrpc.newBlockingStub(channel)
                .alarm(AlarmRequest.newBuilder()
                        .setAction(AlarmRequest.AlarmAction.GET)
                        .build())
                .getAlarmsList());
    }

    /** Refuses unless every member serves. */
    EtcdStatus healthy(String operation, String consequence) throws InterruptedException {
        EtcdStatus status = status();
        List<MemberStatus> down =
                status.members().stream().filter(each -> !each.healthy()).toList();
        if (!down.isEmpty()) {
            throw Failures.of(
                    EtcdException.UNHEALTHY,
                    "Refused to " + operation + ": " + names(down) + " of "
                            + status.members().size() + " members not healthy (" + reasons(down) + "); " + consequence
                            + ". Nothing was changed",
                    "Bring " + names(down) + " back (systemctl status etcd there) or replace it, then try again.");
        }
        return status;
    }

    private static String names(List<MemberStatus> members) {
        return members.stream().map(each -> each.member().title()).collect(Collectors.joining(", "));
    }

    private static String reasons(List<MemberStatus> members) {
        return members.stream()
                .flatMap(each -> each.problem().stream())
                .map(Problem::message)
                .collect(Collectors.joining("; "));
    }

    public EtcdMember addLearner(URI peerUrl) throws InterruptedException {
        EtcdStatus status = healthy(
                "add a member at " + peerUrl,
                "a further member would wait for those that are down to reach its quorum");
        Optional<MemberStatus> learner = status.members().stream()
                .filter(each -> each.member().learner())
                .findFirst();
        if (learner.isPresent()) {
            throw Failures.of(
                    EtcdException.UNHEALTHY,
                    "Refused to add a member at " + peerUrl + ": "
                            + learner.get().member().title()
                            + " still learns, and etcd takes one learner at a time. Nothing was changed",
                    "Promote it (promoteMember) or remove it (removeMember) first.");
        }
        return listed(reconfigure(channel -> ClusterGrpc.newBlockingStub(channel)
                        .memberAdd(MemberAddRequest.newBuilder()
                                .addPeerURLs(peerUrl.toString())
                                .setIsLearner(true)
                                .build()))
                .getMember());
    }

    /** etcd wants members to have been connected for five seconds before it changes who they are. */
    private <T> T reconfigure(Function<Channel, T> request) throws InterruptedException {
        Deadline deadline = Deadline.in(SETTLE);
        while (true) {
            try {
                return rpc.change(request);
            } catch (EtcdException e) {
                if (!e.code().equals(EtcdException.UNHEALTHY) || deadline.passed()) {
                    throw e;
                }
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            }
        }
    }

    public EtcdMember promote(String name, Duration limit) throws InterruptedException {
        Deadline deadline = Deadline.in(limit);
        Problem last;
        do {
            EtcdMember learner = member(name);
            if (!learner.learner()) {
                return learner;
            }
            try {
                rpc.change(channel -> ClusterGrpc.newBlockingStub(channel)
                        .memberPromote(MemberPromoteRequest.newBuilder()
                                .setID(number(learner))
                                .build()));
                return member(learner.id());
            } catch (EtcdException e) {
                // "can only promote a learner member which is in sync with leader": it still learns
                if (!e.code().equals(EtcdException.REFUSED)
                        && !Failures.mayLieInTheMember(e)
                        && !e.code().equals(EtcdException.OUTCOME_UNKNOWN)) {
                    throw e;
                }
                last = e.problem();
            }
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        } while (!deadline.passed());
        throw Failures.of(
                EtcdException.TIMEOUT,
                name + " has not learnt the log within " + limit.toSeconds() + " s: " + last.message()
                        + ". It stays a learner, which has no vote and does no harm",
                "Start etcd there with the initial cluster state \"existing\", look at its journal, and promote it again.");
    }

    public void remove(String name) throws InterruptedException {
        EtcdMember member = member(name);
        EtcdStatus status = status();
        MemberStatus own = status.members().stream()
                .filter(each -> each.member().id().equals(member.id()))
                .findFirst()
                .orElseThrow(() -> noMember(name, List.of()));
        if (!member.learner()) {
            refuseToLoseQuorum(own, status);
        }
        if (own.leader()) {
            EtcdMember successor = status.members().stream()
                    .filter(each ->
                            each.healthy() && !each.leader() && !each.member().learner())
                    .findFirst()
                    .map(MemberStatus::member)
                    .orElseThrow(() -> noMember(name, List.of()));
            moveLeader(successor.id());
        }
        try {
            reconfigure(channel -> ClusterGrpc.newBlockingStub(channel)
                    .memberRemove(MemberRemoveRequest.newBuilder()
                            .setID(number(member))
                            .build()));
        } catch (EtcdException e) {
            // One that removes itself may end before it answers.
            boolean gone = e.code().equals(EtcdException.OUTCOME_UNKNOWN)
                    && members().stream().noneMatch(each -> each.id().equals(member.id()));
            if (!gone) {
                throw e;
            }
        }
    }

    void refuseToLoseQuorum(MemberStatus own) throws InterruptedException {
        refuseToLoseQuorum(own, status());
    }

    /**
     * One that serves may go only while all others do; a dead one may go where those that serve are a quorum without
     * it.
     */
    static void refuseToLoseQuorum(MemberStatus own, EtcdStatus status) {
        int left = status.voters() - 1;
        int quorum = left / 2 + 1;
        int serving = status.healthyVoters() - (own.healthy() ? 1 : 0);
        boolean others = status.members().stream().allMatch(each -> same(each, own) || each.healthy());
        if (left == 0 || serving < quorum || (own.healthy() && !others)) {
            List<MemberStatus> down = status.members().stream()
                    .filter(each -> !same(each, own) && !each.healthy())
                    .toList();
            throw Failures.of(
                    EtcdException.QUORUM,
                    "Refused to remove " + own.member().title() + ": " + serving + " of " + left
                            + " members would serve, and a quorum of those needs " + Math.max(quorum, 1)
                            + (down.isEmpty() ? "" : " (" + names(down) + " down); one more failure would stop etcd")
                            + ". Nothing was changed",
                    down.isEmpty()
                            ? "Add another member first."
                            : "Bring " + names(down) + " back or replace it first.");
        }
    }

    private static boolean same(MemberStatus one, MemberStatus other) {
        return one.member().id().equals(other.member().id());
    }

    public void moveLeader(String name) throws InterruptedException {
        EtcdMember target = member(name);
        EtcdStatus status = status();
        MemberStatus own = status.members().stream()
                .filter(each -> each.member().id().equals(target.id()))
                .findFirst()
                .orElseThrow(() -> noMember(name, List.of()));
        if (own.leader()) {
            return;
        }
        if (target.learner() || !own.healthy()) {
            throw Failures.of(
                    EtcdException.NO_MEMBER,
                    target.title() + " cannot lead: "
                            + (target.learner()
                                    ? "it is a learner"
                                    : own.problem().map(Problem::message).orElse("")),
                    "Name a member that serves: "
                            + names(status.members().stream()
                                    .filter(each ->
                                            each.healthy() && !each.member().learner())
                                    .toList())
                            + ".");
        }
        URI leader = status.leader()
                .flatMap(each -> each.clientUrls().stream().findFirst())
                .orElseThrow(() -> Failures.of(
                        EtcdException.NO_QUORUM, "etcd has no leader to move", "Look at status() of the client."));
        rpc.at(
                leader,
                patience.plus(ELECTION),
                channel -> MaintenanceGrpc.newBlockingStub(channel)
                        .moveLeader(MoveLeaderRequest.newBuilder()
                                .setTargetID(number(target))
                                .build()));
        awaitLeader(target);
    }

    private void awaitLeader(EtcdMember target) throws InterruptedException {
        Deadline deadline = Deadline.in(ELECTION);
        while (!status().leader().map(EtcdMember::id).equals(Optional.of(target.id()))) {
            if (deadline.passed()) {
                throw Failures.of(
                        EtcdException.TIMEOUT,
                        "etcd took the request, but " + target.title() + " does not lead after " + ELECTION.toSeconds()
                                + " s",
                        "Look at status() of the client; ask again when all members serve.");
            }
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
    }

    /** Waits until every member serves; for the steps between which a cluster must recover. */
    EtcdStatus awaitHealthy(Duration limit, String after) throws InterruptedException {
        Deadline deadline = Deadline.in(limit);
        while (true) {
            String last;
            try {
                EtcdStatus status = status();
                if (status.healthy() && status.leader().isPresent()) {
                    return status;
                }
                last = status.toString();
            } catch (EtcdException e) {
                last = e.problem().message();
            }
            if (deadline.passed()) {
                throw Failures.of(
                        EtcdException.TIMEOUT,
                        "After " + after + " etcd is not healthy within " + limit.toSeconds() + " s: " + last,
                        "Look at journalctl -u etcd on the members named above.");
            }
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
    }
}
