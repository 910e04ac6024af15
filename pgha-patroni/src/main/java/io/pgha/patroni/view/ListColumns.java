package io.pgha.patroni.view;

import io.pgha.patroni.internal.version.Feature;
import io.pgha.patroni.internal.version.PatroniVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The columns of {@code patronictl list} with their values, as the version of the cluster has them. Stateless. */
final class ListColumns {
    static final String TAGS = "Tags";
    static final String REASON = "Pending restart reason";
    private static final int POSTGRES_PORT = 5432;

    private ListColumns() {}

    /**
     * One column.
     *
     * @param name its name in tsv, json and yaml
     * @param title its name in a table
     * @param right whether a table's cells stand on the right
     * @param value a text, a number, or for tags a map; an empty text where there is nothing
     */
    record Column(String name, String title, boolean right, Function<MemberView, Object> value) {
        Column(String name, boolean right, Function<MemberView, Object> value) {
            this(name, name, right, value);
        }
    }

    static List<Column> of(ClusterView view) {
        boolean ports = showsPorts(view);
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("Cluster", false, member -> view.name().orElse("")));
        columns.add(new Column("Member", false, MemberView::name));
        columns.add(new Column("Host", false, member -> host(member, ports)));
        columns.add(new Column("Role", false, ListColumns::role));
        columns.add(new Column("State", false, MemberView::state));
        columns.add(new Column(
                "TL",
                true,
                member -> member.timeline().isPresent()
                        ? (Object) member.timeline().getAsInt()
                        : ""));
        if (positions(view)) {
            columns.add(new Column(
                    "Receive LSN",
                    true,
                    member -> member.leads() ? "" : member.receiveLsn().orElse("unknown")));
            columns.add(new Column("Receive Lag", "Lag", true, member -> megabytes(member.receiveLag(), "")));
            columns.add(new Column(
                    "Replay LSN",
                    true,
                    member -> member.leads() ? "" : member.replayLsn().orElse("unknown")));
            columns.add(new Column("Replay Lag", "Lag", true, member -> megabytes(member.replayLag(), "")));
        } else {
            columns.add(
                    new Column("Lag in MB", true, member -> member.leads() ? "" : megabytes(member.lag(), "unknown")));
        }
        if (view.members().stream().anyMatch(MemberView::pendingRestart)) {
            columns.add(new Column("Pending restart", false, member -> member.pendingRestart() ? "*" : ""));
        }
        if (view.members().stream()
                .anyMatch(member -> !member.pendingRestartReasons().isEmpty())) {
            columns.add(new Column(REASON, false, ListColumns::reasons));
        }
        if (view.members().stream().anyMatch(member -> member.scheduledRestart().isPresent())) {
            columns.add(new Column(
                    "Scheduled restart",
                    false,
                    member ->
                            member.scheduledRestart().map(ListColumns::schedule).orElse("")));
        }
        if (view.members().stream().anyMatch(member -> !member.tags().isEmpty())) {
            columns.add(new Column(TAGS, false, member -> member.tags().isEmpty() ? "" : member.tagValues()));
        }
        return columns;
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

    private static Object megabytes(OptionalLong bytes, String unknown) {
        return bytes.isPresent() ? (Object) (long) Math.rint(bytes.getAsLong() / 1024.0 / 1024.0) : unknown;
    }

    private static String reasons(MemberView member) {
        return member.pendingRestartReasons().entrySet().stream()
                .map(ListColumns::reason)
                .collect(Collectors.joining("\n"));
    }

    private static String reason(Map.Entry<String, ParameterChange> entry) {
        return entry.getKey() + ": " + entry.getValue().oldValue() + "->"
                + entry.getValue().newValue();
    }

    private static String schedule(ScheduledRestart restart) {
        return restart.text()
                + restart.postgresVersion()
                        .map(version -> " if version < " + version)
                        .orElse("");
    }
}
