package io.pgha.patroni;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Prints a view the way {@code patronictl list} does, with a line of summary. */
final class ClusterTable {
    private static final int SUMMARY_WIDTH = 72;
    private static final int LONGEST_REASON = 50;
    private static final int POSTGRES_PORT = 5432;

    private ClusterTable() {}

    private record Column(String title, boolean right, Function<MemberView, List<String>> cell) {}

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

    static String table(ClusterView view) {
        List<Column> columns = columns(view);
        List<List<List<String>>> rows = view.members().stream()
                .map(member -> columns.stream()
                        .map(column -> column.cell().apply(member))
                        .toList())
                .toList();
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = columns.get(i).title().length();
            for (List<List<String>> row : rows) {
                for (String line : row.get(i)) {
                    widths[i] = Math.max(widths[i], line.length());
                }
            }
        }
        boolean ruled = rows.stream().flatMap(List::stream).anyMatch(cell -> cell.size() > 1);
        String rule = rule(widths);
        StringBuilder text = new StringBuilder(titled(rule, title(view))).append('\n');
        text.append(line(columns, widths, columns.stream().map(Column::title).toList()))
                .append('\n');
        text.append(rule).append('\n');
        for (int r = 0; r < rows.size(); r++) {
            row(text, columns, widths, rows.get(r));
            if (ruled && r < rows.size() - 1) {
                text.append(rule).append('\n');
            }
        }
        text.append(rule);
        footer(text, view);
        return text.toString();
    }

    static String role(MemberView member) {
        String[] words = member.roleName().split("_", -1);
        StringBuilder title = new StringBuilder();
        for (String word : words) {
            title.append(title.length() == 0 ? "" : " ");
            title.append(word.isEmpty() ? "" : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return title.toString();
    }

    private static List<Column> columns(ClusterView view) {
        boolean ports = showsPorts(view);
        List<Column> columns = new ArrayList<>();
        columns.add(left("Member", MemberView::name));
        columns.add(left("Host", member -> host(member, ports)));
        columns.add(left("Role", ClusterTable::role));
        columns.add(left("State", MemberView::state));
        columns.add(right(
                "TL",
                member -> member.timeline().isPresent()
                        ? Integer.toString(member.timeline().getAsInt())
                        : ""));
        if (positions(view)) {
            columns.add(right(
                    "Receive LSN",
                    member -> position(member, member.receiveLsn().orElse("unknown"))));
            columns.add(right("Lag", member -> megabytes(member.receiveLag(), "")));
            columns.add(right(
                    "Replay LSN", member -> position(member, member.replayLsn().orElse("unknown"))));
            columns.add(right("Lag", member -> megabytes(member.replayLag(), "")));
        } else {
            columns.add(right("Lag in MB", member -> member.leads() ? "" : megabytes(member.lag(), "unknown")));
        }
        if (view.members().stream().anyMatch(MemberView::pendingRestart)) {
            columns.add(left("Pending restart", member -> member.pendingRestart() ? "*" : ""));
        }
        if (view.members().stream()
                .anyMatch(member -> !member.pendingRestartReasons().isEmpty())) {
            columns.add(new Column("Pending restart reason", false, ClusterTable::reasons));
        }
        if (view.members().stream().anyMatch(member -> member.scheduledRestart().isPresent())) {
            columns.add(left(
                    "Scheduled restart",
                    member -> member.scheduledRestart()
                            .map(ClusterTable::schedule)
                            .orElse("")));
        }
        if (view.members().stream().anyMatch(member -> !member.tags().isEmpty())) {
            columns.add(new Column("Tags", false, ClusterTable::tags));
        }
        return columns;
    }

    private static Column left(String title, Function<MemberView, String> cell) {
        return new Column(title, false, member -> List.of(Text.printable(cell.apply(member))));
    }

    private static Column right(String title, Function<MemberView, String> cell) {
        return new Column(title, true, member -> List.of(Text.printable(cell.apply(member))));
    }

    /** Returns whether the cluster speaks of received and replayed positions, as Patroni 4.1 and later does. */
    private static boolean positions(ClusterView view) {
        return view.members().stream()
                        .anyMatch(member -> member.receiveLsn().isPresent()
                                || member.replayLsn().isPresent())
                || view.patroniVersion()
                        .flatMap(PatroniVersion::parse)
                        .filter(version -> version.has(Feature.LSN_IN_CLUSTER))
                        .isPresent();
    }

    private static boolean showsPorts(ClusterView view) {
        boolean unusual = view.members().stream()
                .anyMatch(member -> member.port().isPresent() && member.port().getAsInt() != POSTGRES_PORT);
        List<String> hosts = view.members().stream()
                .flatMap(member -> member.host().stream())
                .toList();
        return unusual || Set.copyOf(hosts).size() < hosts.size();
    }

    private static String host(MemberView member, boolean ports) {
        return member.host()
                .map(host -> ports && member.port().isPresent()
                        ? host + ":" + member.port().getAsInt()
                        : host)
                .orElse("");
    }

    private static String position(MemberView member, String text) {
        return member.leads() ? "" : text;
    }

    private static String megabytes(OptionalLong bytes, String unknown) {
        return bytes.isPresent() ? Long.toString((long) Math.rint(bytes.getAsLong() / 1024.0 / 1024.0)) : unknown;
    }

    private static List<String> reasons(MemberView member) {
        return lines(member.pendingRestartReasons().entrySet().stream()
                .map(entry -> {
                    String change = entry.getKey() + ": " + entry.getValue().oldValue() + "->"
                            + entry.getValue().newValue();
                    return change.length() > LONGEST_REASON ? entry.getKey() + ": [hidden - too long]" : change;
                })
                .toList());
    }

    private static String schedule(ScheduledRestart restart) {
        return restart.text()
                + restart.postgresVersion()
                        .map(version -> " if version < " + version)
                        .orElse("");
    }

    private static List<String> tags(MemberView member) {
        return lines(member.tags().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .toList());
    }

    private static List<String> lines(List<String> lines) {
        return lines.isEmpty()
                ? List.of("")
                : lines.stream().map(Text::printable).collect(Collectors.toUnmodifiableList());
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

    private static String titled(String rule, String title) {
        String cut = title.substring(0, Math.min(title.length(), rule.length() - 2));
        return rule.charAt(0) + cut + rule.substring(1 + cut.length());
    }

    private static String rule(int[] widths) {
        StringBuilder rule = new StringBuilder("+");
        for (int width : widths) {
            rule.append("-".repeat(width + 2)).append('+');
        }
        return rule.toString();
    }

    private static void row(StringBuilder text, List<Column> columns, int[] widths, List<List<String>> cells) {
        int height = cells.stream().mapToInt(List::size).max().orElse(1);
        for (int h = 0; h < height; h++) {
            int at = h;
            text.append(line(
                            columns,
                            widths,
                            cells.stream()
                                    .map(cell -> at < cell.size() ? cell.get(at) : "")
                                    .toList()))
                    .append('\n');
        }
    }

    private static String line(List<Column> columns, int[] widths, List<String> cells) {
        StringBuilder line = new StringBuilder("|");
        for (int i = 0; i < widths.length; i++) {
            String space = " ".repeat(widths[i] - cells.get(i).length());
            line.append(' ');
            line.append(columns.get(i).right() ? space + cells.get(i) : cells.get(i) + space);
            line.append(" |");
        }
        return line.toString();
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
