package io.pgha.patroni.internal.operation;

import io.pgha.Problem;
import io.pgha.patroni.PatroniException;
import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.query.Dsn;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberSelector;
import io.pgha.patroni.view.MemberView;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Collectors;

/** Chooses a member and says where its PostgreSQL is. Stateless. */
public final class DsnOperation {
    private DsnOperation() {}

    /** Returns the named member, or the healthiest of a role. */
    public static MemberView select(ClusterView view, Optional<String> name, MemberSelector role) {
        Optional<MemberView> chosen = name.isPresent()
                ? view.member(name.get())
                : view.members().stream()
                        .filter(role::takes)
                        .filter(member -> member.host().isPresent())
                        .min(Comparator.comparing((MemberView member) -> !member.running())
                                .thenComparing(member -> !member.streaming()));
        return chosen.orElseThrow(() ->
                none(view, name.map(text -> "There is no member " + text).orElse("No member has the role " + role)));
    }

    public static Dsn of(ClusterView view, MemberView member) {
        if (member.host().isEmpty()) {
            throw none(view, member.name() + " has not published where its PostgreSQL is");
        }
        return new Dsn(member.name(), member.host().get(), member.port().orElse(5432));
    }

    private static PatroniException none(ClusterView view, String message) {
        String members = view.members().stream().map(MemberView::toString).collect(Collectors.joining("; "));
        return new PatroniException(
                Problem.of(
                        PatroniException.NO_SUCH_MEMBER,
                        Text.printable(message),
                        Text.printable(
                                "choose among the members: " + (members.isEmpty() ? "there are none" : members))),
                null);
    }
}
