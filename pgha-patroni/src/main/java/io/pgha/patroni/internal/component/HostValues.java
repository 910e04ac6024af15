package io.pgha.patroni.internal.component;

import static io.pgha.host.ShellQuote.quote;

import io.pgha.Problem;
import io.pgha.host.Probe;
import io.pgha.model.Node;
import io.pgha.model.parameter.ParameterCatalog;
import io.pgha.model.postgres.PostgresConfig;
import io.pgha.patroni.internal.layout.PatroniLayout;
import io.pgha.spi.PlanContext;
import io.pgha.spi.PreflightRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Refuses values with which PostgreSQL would not start on this host, though it may on another: of locales, of files
 * with abbreviations of time zones, and of a stack that the host does not give. Only what the configuration names is
 * asked. Stateless; no I/O.
 */
final class HostValues {
    /** The parameters whose values are names of locales. */
    private static final Set<String> LOCALES = Set.of("lc_messages", "lc_monetary", "lc_numeric", "lc_time");

    private static final String ABBREVIATIONS = "timezone_abbreviations";
    private static final String STACK = "max_stack_depth";

    /** What the server's own package brings. */
    private static final Set<String> OWN_ABBREVIATIONS = Set.of("Australia", "Default", "India");

    /** PostgreSQL leaves so much of the stack unused (STACK_DEPTH_SLOP). */
    private static final long KEPT_KB = 512;

    private static final int KB = 1024;

    private HostValues() {}

    static List<PreflightRule> of(PlanContext context, Node node) {
        Map<String, Object> parameters = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        parameters.putAll(context.config().postgres().parameters());
        List<PreflightRule> rules = new ArrayList<>();
        rules.add(locale(context.config().postgres(), node));
        Optional.ofNullable(parameters.get(ABBREVIATIONS))
                .map(Object::toString)
                .filter(name -> !OWN_ABBREVIATIONS.contains(name))
                .map(name -> abbreviations(name, PatroniLayout.version(context, node), node))
                .ifPresent(rules::add);
        Optional.ofNullable(parameters.get(STACK))
                .map(value -> stack(value.toString(), node))
                .ifPresent(rules::add);
        return List.copyOf(rules);
    }

    /**
     * Without a locale of the cluster initdb fails, without one of a parameter the next start. Names of locales are
     * compared as glibc does: case and punctuation of the encoding do not count.
     */
    private static PreflightRule locale(PostgresConfig postgres, Node node) {
        Map<String, String> wanted = locales(postgres);
        return new PreflightRule(
                node,
                new Probe("patroni:locale", "locale -a", String.join("\n", wanted.keySet())),
                answer -> wanted.keySet().stream()
                        .filter(name ->
                                answer.lines().noneMatch(have -> plain(have).equals(plain(name))))
                        .findFirst()
                        .map(name -> Problem.on(
                                node.name(),
                                "preflight.locale",
                                "The locale " + name + " of " + wanted.get(name) + " does not exist",
                                "install locales, enable " + name + " in /etc/locale.gen and run locale-gen on "
                                        + node.name() + ", or take C.UTF-8, which every Debian has.")));
    }

    /** The locales that must be there, and what wants them. */
    private static Map<String, String> locales(PostgresConfig postgres) {
        Map<String, String> wanted = new LinkedHashMap<>();
        wanted.put(postgres.locale(), "new PostgreSQL clusters");
        postgres.parameters().forEach((name, value) -> {
            if (LOCALES.contains(name.toLowerCase(Locale.ROOT))
                    && !value.toString().isEmpty()) {
                wanted.putIfAbsent(value.toString(), "postgres.parameters." + name);
            }
        });
        return wanted;
    }

    private static String plain(String locale) {
        int dot = locale.indexOf('.');
        return dot < 0
                ? locale
                : locale.substring(0, dot)
                        + locale.substring(dot).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9@]", "");
    }

    private static PreflightRule abbreviations(String name, int version, Node node) {
        String file = "/usr/share/postgresql/" + version + "/timezonesets/" + name;
        return new PreflightRule(
                node,
                new Probe("patroni:abbreviations", "[ -f " + quote(file) + " ] || echo missing", ""),
                answer -> answer.isEmpty()
                        ? Optional.empty()
                        : Optional.of(Problem.on(
                                node.name(),
                                "preflight.timezone-abbreviations",
                                "PostgreSQL " + version + " would not start with " + ABBREVIATIONS + " = " + name
                                        + " (there is no " + file + ")",
                                "Take one of "
                                        + String.join(
                                                ", ",
                                                OWN_ABBREVIATIONS.stream()
                                                        .sorted()
                                                        .toList())
                                        + ", or put the file there on every PostgreSQL node.")));
    }

    /** systemd tells the limit of a unit that is not there yet, too: it is the default. */
    private static PreflightRule stack(String value, Node node) {
        long wanted = ParameterCatalog.ofAny()
                .find(STACK)
                .flatMap(parameter -> parameter.number(value))
                .orElse(0.0)
                .longValue();
        return new PreflightRule(
                node,
                new Probe("patroni:stack", "systemctl show --value -p LimitSTACKSoft patroni", ""),
                answer -> limit(answer)
                        .filter(most -> wanted > most)
                        .map(most -> Problem.on(
                                node.name(),
                                "preflight.stack-depth",
                                "PostgreSQL would not start with " + STACK + " = " + value
                                        + ": the stack of patroni.service is "
                                        + (most + KEPT_KB) + "kB on " + node.name() + ", of which it keeps " + KEPT_KB
                                        + "kB free",
                                "Set it to " + most + "kB or less, or give patroni.service a larger LimitSTACK"
                                        + " (systemctl edit patroni) on every PostgreSQL node.")));
    }

    /** Returns the most that PostgreSQL takes, in kB; empty where the stack has no limit. */
    private static Optional<Long> limit(String answer) {
        return answer.matches("[0-9]{1,18}") ? Optional.of(Long.parseLong(answer) / KB - KEPT_KB) : Optional.empty();
    }
}
