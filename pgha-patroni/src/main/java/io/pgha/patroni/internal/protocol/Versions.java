package io.pgha.patroni.internal.protocol;

import io.pgha.Problem;
import io.pgha.patroni.PatroniException;
import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.internal.version.Feature;
import io.pgha.patroni.internal.version.PatroniVersion;
import io.pgha.patroni.view.MemberView;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sees to it that no member is asked for what its version lacks. Stateless. */
public final class Versions {
    private Versions() {}

    public static Optional<PatroniVersion> of(StatusDocument status) {
        return status.version().flatMap(PatroniVersion::parse);
    }

    /** Returns the oldest version among members that say theirs. */
    static Optional<PatroniVersion> oldest(Map<String, MemberAnswer> probes) {
        return probes.values().stream()
                .flatMap(probe -> probe.status().stream())
                .flatMap(status -> of(status).stream())
                .min(Comparator.naturalOrder());
    }

    /**
     * Checks that all given members can do something. One that gives no answer is left to the operation itself.
     *
     * @throws PatroniException {@code patroni.unsupported}, with the first version that can
     */
    public static void require(Access access, List<MemberView> members, Feature feature, String what)
            throws InterruptedException {
        Map<String, MemberAnswer> probes = access.reader().probe(members);
        for (MemberView member : members) {
            Optional<StatusDocument> status =
                    Optional.ofNullable(probes.get(member.name())).flatMap(MemberAnswer::status);
            if (status.isPresent()) {
                require(member.name(), of(status.get()), feature, what);
            }
        }
    }

    public static void require(String member, Optional<PatroniVersion> version, Feature feature, String what) {
        if (version.filter(one -> one.has(feature)).isEmpty()) {
            String first = feature.firsts().get(0).toString();
            String has = version.map(one -> "runs Patroni " + one).orElse("does not say its version");
            throw new PatroniException(
                    Problem.on(
                            member,
                            PatroniException.UNSUPPORTED,
                            Text.printable(what + " needs Patroni " + first + " or later, and " + member + " " + has),
                            "upgrade Patroni to " + first + " or later on all members, or do without."),
                    null);
        }
    }
}
