package io.pgha.etcd.internal.member;

import io.etcd.jetcd.api.AlarmMember;
import io.etcd.jetcd.api.AlarmRequest;
import io.etcd.jetcd.api.CompactionRequest;
import io.etcd.jetcd.api.DefragmentRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.pgha.Problem;
import io.pgha.etcd.Defragmentation;
import io.pgha.etcd.EtcdException;
import io.pgha.etcd.EtcdMember;
import io.pgha.etcd.EtcdStatus;
import io.pgha.etcd.MemberStatus;
import io.pgha.etcd.internal.rpc.Rpc;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** What etcd's database takes: compaction, defragmentation, alarms. Thread-safe. */
public final class Space {
    private static final Duration DEFRAGMENT = Duration.ofMinutes(5);
    /** Etcd's default for {@code --max-request-bytes}. */
    private static final long LARGEST_WRITE = 3 * 512 * 1024;

    private static final Duration RECOVER = Duration.ofSeconds(30);

    private final Rpc rpc;
    private final Membership membership;
    private final OptionalLong quota;

    public Space(Rpc rpc, Membership membership, OptionalLong quota) {
        this.rpc = rpc;
        this.membership = membership;
        this.quota = quota;
    }

    /** A revision that is compacted already is as good as one that was compacted now. */
    public long compact() throws InterruptedException {
        long revision = rpc.read(channel ->
                KVGrpc.newBlockingStub(channel).range(Rpc.ANY_KEY).getHeader().getRevision());
        try {
            rpc.change(channel -> KVGrpc.newBlockingStub(channel)
                    .compact(CompactionRequest.newBuilder()
                            .setRevision(revision)
                            .setPhysical(true)
                            .build()));
        } catch (EtcdException e) {
            if (!e.problem().message().contains("has been compacted")) {
                throw e;
            }
        }
        return revision;
    }

    /** A member answers nobody while it works: so one at a time, the leader last, each only while all are well. */
    public List<Defragmentation> defragment(Consumer<String> before) throws InterruptedException {
        String consequence = "a member that defragments does not answer, so the quorum would hang on the others alone";
        List<MemberStatus> order = membership.healthy("defragment", consequence).members().stream()
                .sorted(Comparator.comparing(MemberStatus::leader))
                .toList();
        List<Defragmentation> done = new ArrayList<>();
        for (MemberStatus each : order) {
            if (!done.isEmpty()) {
                membership.healthy("defragment " + each.member().title(), consequence);
            }
            before.accept(each.member().title());
            URI url = each.member().clientUrls().get(0);
            rpc.at(
                    url,
                    DEFRAGMENT,
                    channel -> MaintenanceGrpc.newBlockingStub(channel)
                            .defragment(DefragmentRequest.getDefaultInstance()));
            EtcdStatus after = membership.awaitHealthy(
                    RECOVER, "defragmenting " + each.member().title());
            done.add(new Defragmentation(each.member(), size(each), sizeOf(each.member(), after)));
        }
        return List.copyOf(done);
    }

    private static long sizeOf(EtcdMember member, EtcdStatus status) {
        return status.members().stream()
                .filter(each -> each.member().id().equals(member.id()))
                .mapToLong(Space::size)
                .findFirst()
                .orElse(0);
    }

    private static long size(MemberStatus status) {
        return status.figures().map(MemberStatus.Figures::dbSize).orElse(0L);
    }

    public List<String> disarmAlarms() throws InterruptedException {
        EtcdStatus status = membership.status();
        Optional<MemberStatus> full = status.members().stream()
                .filter(each -> each.alarms().contains("NOSPACE")
                        && quota.isPresent()
                        && size(each) + LARGEST_WRITE > quota.getAsLong())
                .findFirst();
        if (full.isPresent()) {
            throw new EtcdException(
                    Problem.on(
                            full.get().member().title(),
                            EtcdException.NO_SPACE,
                            "Refused to disarm NOSPACE: the database has " + size(full.get())
                                    + " bytes and the quota is " + quota.getAsLong()
                                    + "; a write of " + LARGEST_WRITE
                                    + " bytes, the largest that etcd takes, would raise it again",
                            "Call reclaimSpace(), which compacts and defragments first, or raise the quota."),
                    null);
        }
        List<String> disarmed = new ArrayList<>();
        for (AlarmMember alarm : membership.rawAlarms()) {
            rpc.change(channel -> MaintenanceGrpc.newBlockingStub(channel)
                    .alarm(AlarmRequest.newBuilder()
                            .setAction(AlarmRequest.AlarmAction.DEACTIVATE)
                            .setMemberID(alarm.getMemberID())
                            .setAlarmValue(alarm.getAlarmValue())
                            .build()));
        }
        for (MemberStatus each : status.members()) {
            each.alarms().forEach(alarm -> disarmed.add(each.member().title() + " " + alarm));
        }
        return List.copyOf(disarmed);
    }
}
