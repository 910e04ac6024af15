package io.pgha.patroni.view;

import io.pgha.patroni.internal.text.ConfigText;
import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.internal.text.TextTable;
import io.pgha.patroni.internal.version.Feature;
import io.pgha.patroni.internal.version.PatroniVersion;
import io.pgha.patroni.view.ListColumns.Column;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Prints a view as the tables of {@code patronictl list} and {@code patronictl topology}, with a line of summary.
 * Stateless.
 */
final class ClusterTable {
    private static final int SUMMARY_WIDTH = 72;
    private static final int LONGEST_REASON = 50;

    private ClusterTable() {}

    /** Returns at most 72 characters: name, leader, replicas and what is out of the ordinary. */
    static String summary(ClusterView view) {
        StringBuilder line = new StringBuilder(view.name().orElse("cluster")).append(": ");
        line.append(view.leader()
                .map(leader -> "leader " + leader.name()
                        + (leader.timeline().isPresent()
                                ? " (TL " + leader.timeline().getAsInt() + ")"
                                : ""))
                .orElse("no leader"));
        int replicas = view.replicas().size();
        long running = view.replicas().stream().filter(MemberView::running).count();
        line.append(", ").append(replicas).append(replicas == 1 ? " replica" : " replicas");
        if (running < replicas) {
            line.append(" (").append(running).append(" running)");
        }
        if (view.paused()) {
            line.append(", paused");
        }
        String text = Text.printable(line.toString());
        return text.length() <= SUMMARY_WIDTH ? text : text.substring(0, SUMMARY_WIDTH - 1) + "…";
    }

    static String role(MemberView member) {
        return ListColumns.role(member);
    }

    static String table(ClusterView view) {
        return draw(view, view.members(), UnaryOperator.identity(), ConfigText::yamlLines);
    }

    /** The members as a tree: a replica stands below the member that it replicates from. */
    static String topology(ClusterView view) {
        Map<String, String> labels = new HashMap<>();
        List<MemberView> ordered = new ArrayList<>();
        Set<String> replicas = view.replicas().stream().map(MemberView::name).collect(Collectors.toUnmodifiableSet());
        String leader = view.leader().map(MemberView::name).orElse("");
        Map<String, List<MemberView>> children =
                view.replicas().stream().collect(Collectors.groupingBy(member -> parent(member, replicas, leader)));
        view.leader().ifPresent(member -> {
            ordered.add(member);
            labels.put(member.name(), member.name());
        });
        below(leader, 1, children, ordered, labels);
        return draw(view, ordered, name -> labels.getOrDefault(name, name), tags -> List.of(ConfigText.flowYaml(tags)));
    }

    private static String parent(MemberView member, Set<String> replicas, String leader) {
        String named = member.tags().getOrDefault("replicatefrom", "");
        return replicas.contains(named) && !named.equals(member.name()) ? named : leader;
    }

    private static void below(
            String parent,
            int depth,
            Map<String, List<MemberView>> children,
            List<MemberView> ordered,
            Map<String, String> labels) {
        // Each list is used once, so that members that name one another in a circle end the walk.
        List<MemberView> own = children.remove(parent);
        if (own == null) {
            return;
        }
        for (MemberView member : own) {
            ordered.add(member);
            labels.put(member.name(), "  ".repeat(depth - 1) + "+ " + member.name());
            below(member.name(), depth + 1, children, ordered, labels);
        }
    }

    private interface TagLines {
        List<String> of(Map<String, Object> tags);
    }

    private static String draw(
            ClusterView view, List<MemberView> members, UnaryOperator<String> label, TagLines tagLines) {
        List<Column> columns = ListColumns.of(view).stream()
                .filter(column -> !column.name().equals("Cluster"))
                .toList();
        List<List<List<String>>> rows = members.stream()
                .map(member -> columns.stream()
                        .map(column -> cell(column, member, label, tagLines))
                        .toList())
                .toList();
        StringBuilder text = new StringBuilder(TextTable.draw(
                title(view),
                columns.stream()
                        .map(column -> new TextTable.Head(column.title(), column.right()))
                        .toList(),
                rows));
        footer(text, view);
        return text.toString();
    }

    private static List<String> cell(Column column, MemberView member, UnaryOperator<String> label, TagLines tagLines) {
        Object value = column.value().apply(member);
        if (value instanceof Map<?, ?>) {
            return tagLines.of(member.tagValues()).stream().map(Text::printable).toList();
        }
        String text = column.name().equals("Member") ? label.apply(member.name()) : value.toString();
        if (column.name().equals(ListColumns.REASON) && !text.isEmpty()) {
            return text.lines()
                    .map(line -> line.length() > LONGEST_REASON
                            ? line.substring(0, line.indexOf(": ")) + ": [hidden - too long]"
                            : line)
                    .map(Text::printable)
                    .toList();
        }
        return List.of(Text.printable(text));
    }

    private static String title(ClusterView view) {
        boolean untitled = view.patroniVersion()
                .flatMap(PatroniVersion::parse)
                .filter(version -> !version.has(Feature.SYSTEM_ID_IN_TITLE))
                .isPresent();
        String id =
                untitled ? "" : view.systemId().map(text -> "(" + text + ") ").orElse("");
        return Text.printable(" Cluster: " + view.name().orElse("?") + " " + id);
    }

    private static void footer(StringBuilder text, ClusterView view) {
        if (view.paused()) {
            text.append("\n Maintenance mode: on");
        }
        view.scheduledSwitchover().ifPresent(switchover -> {
            text.append("\n Switchover scheduled at: ").append(Text.printable(switchover.text()));
            switchover
                    .from()
                    .ifPresent(
                            from -> text.append("\n                    from: ").append(Text.printable(from)));
            switchover
                    .to()
                    .ifPresent(to -> text.append("\n                      to: ").append(Text.printable(to)));
        });
    }
}
