package io.pgha.patroni.internal.operation;

import io.pgha.Problem;
import io.pgha.patroni.PatroniException;
import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberSelector;
import io.pgha.patroni.view.MemberView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Picks the members that an operation is for. Stateless. */
final class Selection {
    private Selection() {}

    /**
     * Returns the members of those names and that role, replicas first, the leader last, each group by name.
     *
     * @param names all, where there is none
     * @throws PatroniException {@code patroni.no-such-member} when one is not a member, or none is left
     */
    static List<MemberView> of(ClusterView view, List<String> names, MemberSelector role) {
        List<String> unknown =
                names.stream().filter(name -> view.member(name).isEmpty()).toList();
        if (!unknown.isEmpty()) {
            throw none(view, "There is no member " + String.join(", ", unknown));
        }
        List<MemberView> members = view.members().stream()
                .filter(member -> names.isEmpty() || names.contains(member.name()))
                .filter(role::takes)
                .sorted(Comparator.comparing(MemberView::leads).thenComparing(MemberView::name))
                .collect(Collectors.toCollection(ArrayList::new));
        if (members.isEmpty()) {
            throw none(view, role == MemberSelector.ANY ? "The cluster has no members" : "No member is " + word(role));
        }
        return members;
    }

    static MemberView one(ClusterView view, String name) {
        return of(view, List.of(name), MemberSelector.ANY).get(0);
    }

    private static String word(MemberSelector role) {
        return role == MemberSelector.LEADER ? "the leader" : "a replica";
    }

    private static PatroniException none(ClusterView view, String message) {
        String members = view.members().stream().map(MemberView::toString).collect(Collectors.joining("; "));
        return new PatroniException(
                Problem.of(
                        PatroniException.NO_SUCH_MEMBER,
                        Text.printable(message),
                        Text.printable(
                                "choose among the members: " + (members.isEmpty() ? "there are none" : members) + ".")),
                null);
    }
}
