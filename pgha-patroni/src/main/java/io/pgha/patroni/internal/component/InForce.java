package io.pgha.patroni.internal.component;

import io.pgha.model.Node;
import io.pgha.model.hba.HbaSecrets;
import io.pgha.model.parameter.ParameterCatalog;
import io.pgha.model.parameter.ParameterKind;
import io.pgha.patroni.internal.layout.PatroniLayout;
import io.pgha.patroni.internal.server.MemberStatus;
import io.pgha.patroni.internal.server.ServerQuery;
import io.pgha.patroni.internal.server.ServerReport;
import io.pgha.patroni.internal.server.ServerReport.Line;
import io.pgha.patroni.internal.server.ServerReport.Setting;
import io.pgha.patroni.internal.server.SharedLimits;
import io.pgha.patroni.internal.settings.DynamicSettings.Moment;
import io.pgha.patroni.internal.settings.HbaRules;
import io.pgha.patroni.internal.settings.ServerParameters;
import io.pgha.patroni.internal.settings.WantedConfig;
import io.pgha.spi.PlanContext;
import io.pgha.text.WrittenSecrets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Compares what was asked of a PostgreSQL server, by the configuration and by whoever edited Patroni's dynamic one,
 * with what it runs with, and says why they differ. What waits for a restart is left to {@link PendingRestartResource};
 * what roles and databases have of their own, and what Patroni gives each member itself, was not asked for. Immutable
 * and thread-safe; no I/O.
 */
final class InForce {
    private static final Pattern RECOVERY = Pattern.compile(ServerQuery.RECOVERY);

    /** Patroni answers for these, or has another name for them. */
    private static final Set<String> PATRONIS = Set.of(
            "listen_addresses",
            "port",
            "cluster_name",
            "hot_standby",
            "wal_keep_segments",
            "data_directory",
            "config_file",
            "hba_file",
            "ident_file");

    /** PostgreSQL shows these of the connection that asks, and a connection of a socket has none of them. */
    private static final Set<String> OF_A_CONNECTION =
            Set.of("tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count", "tcp_user_timeout");

    private static final int SHOWN = 3;

    private static final String BY_HAND =
            " with patronictl edit-config: it was set there by hand, not by postgres.parameters";

    private final Map<String, String> configured;
    private final List<String> rules;
    private final boolean answers;
    private final List<WantedConfig> dynamic;
    private final ParameterCatalog catalog;

    InForce(PlanContext context, Node node) {
        Map<String, String> all = new TreeMap<>();
        ServerParameters.of(context)
                .forEach((name, value) -> all.put(name.toLowerCase(Locale.ROOT), String.valueOf(value)));
        this.configured = Map.copyOf(all);
        this.rules = ServerReport.rules(HbaRules.of(context.config()).stream());
        this.catalog = ParameterCatalog.of(PatroniLayout.version(context, node));
        this.answers = context.config().postgres().superuserName().equals("postgres");
        this.dynamic = List.of(WantedConfig.of(context, Moment.RELOAD), WantedConfig.of(context, Moment.RESTART));
    }

    /** Whether Patroni has acted on the wanted configuration: what is not in force then does not come by waiting. */
    boolean settled(MemberStatus status) {
        return status.report()
                .filter(report -> dynamic.stream()
                        .allMatch(part -> part.agrees(report.taken().toString())))
                .isPresent();
    }

    /** Returns what is not in force, as far as a member tells. */
    List<Shortfall> judge(MemberStatus status) {
        if (status.isAsAsked()) {
            return List.of();
        }
        if (status.report().isEmpty()) {
            return answers || !status.state().equals("running") ? List.of(silent(status)) : List.of();
        }
        ServerReport report = status.report().get();
        List<Shortfall> found = new ArrayList<>(unreadable(status, report));
        if (found.isEmpty()) {
            asked(report)
                    .forEach((name, value) ->
                            parameter(status, report, name, value).ifPresent(found::add));
        }
        found.addAll(rules(report));
        return List.copyOf(found);
    }

    /** Where Patroni is not there, either, psql has nothing to add. */
    private static Shortfall silent(MemberStatus status) {
        return Shortfall.of(
                "PostgreSQL does not say what is in force"
                        + (status.state().isEmpty() || status.said().isEmpty() ? "" : ": " + status.said()),
                "See why psql, as postgres on that host, is not let in: systemctl status patroni, the rule `local all all"
                        + " peer` in pg_hba.conf, and the logs in " + PatroniLayout.LOGS + ".");
    }

    /** The dynamic configuration's parameters that are not the configuration's were asked for by somebody else. */
    private Map<String, String> asked(ServerReport report) {
        Map<String, String> asked = new TreeMap<>();
        report.takenNames().forEach(name -> report.takenParameter(name).ifPresent(value -> asked.put(name, value)));
        asked.remove("synchronous_standby_names");
        asked.putAll(configured);
        asked.keySet()
                .removeIf(name ->
                        PATRONIS.contains(name) || RECOVERY.matcher(name).find());
        return asked;
    }

    /** Where PostgreSQL cannot read a file, it tells nothing of the rest of it. */
    private static List<Shortfall> unreadable(MemberStatus status, ServerReport report) {
        return report.lines().stream()
                .filter(line -> !line.error().isEmpty() && !waits(status, report, line.name()))
                .map(line -> Shortfall.of(
                        "PostgreSQL cannot read its configuration: " + line.place() + ": "
                                + (line.name().isEmpty() ? "" : line.name() + ": ") + line.error(),
                        report.isAlterSystems(line) && !line.name().isEmpty()
                                ? reset(line.name())
                                : "Correct " + line.file() + " there; what Patroni wrote follows"
                                        + " postgres.parameters and patronictl edit-config."))
                .distinct()
                .toList();
    }

    private static boolean waits(MemberStatus status, ServerReport report, String name) {
        return status.pendingParameters().contains(name)
                || report.setting(name).filter(Setting::pending).isPresent()
                || RECOVERY.matcher(name).find()
                || (status.pendingRestart() && SharedLimits.isOne(name));
    }

    private Optional<Shortfall> parameter(MemberStatus status, ServerReport report, String name, String asked) {
        Optional<Setting> setting = report.setting(name);
        Optional<Line> line = report.effective(name);
        boolean waits = waits(status, report, name);
        boolean runs = setting.map(now -> now.isServers() && means(name, asked, now))
                        .orElseGet(
                                () -> report.custom(name).filter(asked::equals).isPresent())
                || (name.equals("hot_standby_feedback")
                        && setting.filter(now -> now.setting().equals("on")).isPresent());
        if (line.filter(report::isAlterSystems).isPresent()
                && setting.filter(Setting::isCommandLines).isEmpty()) {
            boolean settled = runs && !waits && !report.unread(line.get().file());
            return settled || line.get().value().equals(asked)
                    ? Optional.empty()
                    : Optional.of(overridden(name, asked, line.get()));
        }
        return runs || waits || isRead(report, name, asked)
                ? Optional.empty()
                : Optional.of(why(status, report, name, asked));
    }

    /**
     * Whether the files say what was asked for, and PostgreSQL has read them, where it does not show its own value as
     * it stands there.
     */
    private boolean isRead(ServerReport report, String name, String asked) {
        if (report.effective(name)
                .filter(line -> line.value().equalsIgnoreCase(asked))
                .isEmpty()) {
            return false;
        }
        Optional<Setting> setting = report.setting(name);
        if (OF_A_CONNECTION.contains(name) || setting.filter(Setting::isServers).isEmpty()) {
            return !report.mainUnread();
        }
        boolean text = catalog.find(name)
                .filter(parameter -> parameter.kind() != ParameterKind.STRING)
                .isEmpty();
        return text && setting.filter(Setting::isCommandLines).isEmpty() && !report.parametersUnread();
    }

    /** What the catalogue does not know, an extension has defined. */
    private boolean means(String name, String asked, Setting now) {
        return catalog.find(name)
                .map(parameter -> parameter.means(asked, now.setting()))
                .orElseGet(() -> asked.equals(now.setting()) || asked.equals(now.shown()));
    }

    private static Shortfall overridden(String name, String asked, Line line) {
        return Shortfall.of(
                name + " is not " + shown(name, asked) + ": ALTER SYSTEM has set it to " + shown(name, line.value())
                        + " on this host ("
                        + line.place() + ")",
                reset(name));
    }

    private static String reset(String name) {
        return "Run there, as postgres: psql -c 'ALTER SYSTEM RESET " + name
                + "' ; or ask for that value in postgres.parameters.";
    }

    private Shortfall why(MemberStatus status, ServerReport report, String name, String asked) {
        Optional<Setting> setting = report.setting(name);
        String now = setting.filter(Setting::isServers)
                .map(Setting::shown)
                .or(() -> report.custom(name))
                .map(value -> name + " is " + shown(name, value) + ", not " + shown(name, asked))
                .orElse(name + " is not " + shown(name, asked));
        if (setting.isEmpty() && name.indexOf('.') < 0) {
            return Shortfall.of(
                    "PostgreSQL knows no parameter " + name + journal(status, name),
                    "Correct the name" + (configured.containsKey(name) ? " in postgres.parameters." : BY_HAND));
        }
        Optional<String> taken = report.takenParameter(name);
        if (!taken.filter(asked::equalsIgnoreCase).isPresent()) {
            return Shortfall.beforePatroni(now + ": the dynamic configuration that Patroni goes by on this host "
                    + taken.map(value -> "says " + shown(name, value)).orElse("does not have it")
                    + journal(status, name));
        }
        Optional<Line> written = report.patronis(name);
        if (written.isEmpty() || !written.get().value().equalsIgnoreCase(asked)) {
            return Shortfall.of(
                    now + ": "
                            + written.map(line -> "Patroni has written " + shown(name, line.value())
                                            + " into postgresql.conf instead")
                                    .orElse("Patroni has left it out of postgresql.conf")
                            + journal(status, name),
                    "Correct the value" + (configured.containsKey(name) ? " in postgres.parameters" : BY_HAND)
                            + ": Patroni leaves out what it cannot read, and bounds what is too large or too small.");
        }
        boolean read = !report.parametersUnread()
                && report.effective(name)
                        .filter(line -> !line.value().equalsIgnoreCase(asked))
                        .isPresent();
        return Shortfall.of(
                now + ": "
                        + (setting.filter(Setting::isCommandLines).isPresent()
                                ? "Patroni has started PostgreSQL with another value"
                                : read
                                        ? "another line of its configuration files counts"
                                        : "PostgreSQL has not read its configuration since that was written"),
                "See why the reload failed: the logs in " + PatroniLayout.LOGS + ", and pg_file_settings.");
    }

    private static String journal(MemberStatus status, String name) {
        return status.journal().stream()
                .filter(line -> line.matches("(?i).*(=|`)" + Pattern.quote(name) + "([ `].*)?"))
                .reduce((first, second) -> second)
                .map(line -> "; its journal: " + quoted(line, name))
                .orElse("");
    }

    /** Of a parameter that is a secret as a whole, a line tells the value behind the name. */
    private static String quoted(String line, String name) {
        int value = line.toLowerCase(Locale.ROOT).indexOf(name) + name.length();
        return WrittenSecrets.isNamed(name)
                ? line.substring(0, Math.min(value, line.length())) + " " + WrittenSecrets.COVER
                : WrittenSecrets.coveredIn(line);
    }

    private static String shown(String name, String value) {
        return WrittenSecrets.coveredIn(name, value);
    }

    private List<Shortfall> rules(ServerReport report) {
        if (!report.ruleErrors().isEmpty()) {
            return List.of(Shortfall.of(
                    "pg_hba.conf has errors, so that the rules before it stay in force and a restart would fail: "
                            + String.join(
                                    "; ",
                                    report.ruleErrors().stream().limit(SHOWN).toList()),
                    "Correct postgres.pgHba, or what was put into the dynamic configuration by hand (patronictl"
                            + " edit-config)."));
        }
        if (!report.rules().equals(rules)) {
            String differs = "pg_hba.conf has other rules than those asked for (" + firstDifference(report) + ")";
            return List.of(
                    rulesAreChanged(report)
                            ? Shortfall.of(
                                    differs + ", which Patroni has not written",
                                    "Put rules into postgres.pgHba, not into the file: Patroni overwrites it.")
                            : Shortfall.beforePatroni(
                                    differs + ": so has the dynamic configuration that Patroni goes by on this host"));
        }
        return report.rulesUnread()
                ? List.of(Shortfall.of(
                        "PostgreSQL has not read pg_hba.conf since it was written",
                        "See why the reload failed: the logs in " + PatroniLayout.LOGS + "."))
                : List.of();
    }

    /** Whether somebody has changed the rules in the file, which Patroni has written. */
    boolean rulesAreChanged(ServerReport report) {
        return !report.rules().equals(rules) && report.takenRules().equals(rules);
    }

    private String firstDifference(ServerReport report) {
        List<String> found = report.rules();
        return firstOnlyIn(found, rules)
                .map(rule -> "there is: " + rule)
                .or(() -> firstOnlyIn(rules, found).map(rule -> "missing: " + rule))
                .orElse("their order");
    }

    private static Optional<String> firstOnlyIn(List<String> some, List<String> others) {
        List<String> shown = HbaSecrets.coveredIn(some);
        return IntStream.range(0, some.size())
                .filter(i -> !others.contains(some.get(i)))
                .mapToObj(shown::get)
                .findFirst();
    }
}
