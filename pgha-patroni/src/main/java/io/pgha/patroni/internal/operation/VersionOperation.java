package io.pgha.patroni.internal.operation;

import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.protocol.MemberAnswer;
import io.pgha.patroni.internal.protocol.StatusDocument;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks every member for its versions. Stateless. */
public final class VersionOperation {
    private VersionOperation() {}

    public static List<MemberVersion> run(Access access) throws InterruptedException {
        ClusterView view = access.reader().view();
        Map<String, MemberAnswer> probes = access.reader().probe(view.members());
        return view.members().stream()
                .map(member -> version(member.name(), Optional.ofNullable(probes.get(member.name()))))
                .toList();
    }

    private static MemberVersion version(String member, Optional<MemberAnswer> probe) {
        Optional<StatusDocument> status = probe.flatMap(MemberAnswer::status);
        if (status.isEmpty()) {
            String why = probe.map(MemberAnswer::failure).orElse("its REST API has no address");
            return new MemberVersion(member, Optional.empty(), Optional.empty(), why);
        }
        Optional<String> postgres = status.get().serverVersion().isPresent()
                ? Optional.of(postgres(status.get().serverVersion().getAsInt()))
                : Optional.empty();
        return new MemberVersion(member, status.get().version(), postgres, "");
    }

    /** Writes a version number such as 170006 the way people do; before 10 there were three parts. */
    public static String postgres(int number) {
        return number >= 100_000
                ? number / 10_000 + "." + number % 10_000
                : number / 10_000 + "." + number / 100 % 100 + "." + number % 100;
    }
}
