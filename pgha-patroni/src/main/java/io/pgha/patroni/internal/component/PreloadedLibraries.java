package io.pgha.patroni.internal.component;

import static io.pgha.host.ShellQuote.quote;

import io.pgha.Problem;
import io.pgha.host.Command;
import io.pgha.host.Probe;
import io.pgha.model.Node;
import io.pgha.patroni.internal.layout.PatroniLayout;
import io.pgha.patroni.internal.settings.ServerParameters;
import io.pgha.plan.Change;
import io.pgha.plan.Impact;
import io.pgha.spi.Act;
import io.pgha.spi.Observation;
import io.pgha.spi.PlanContext;
import io.pgha.spi.PreflightRule;
import io.pgha.spi.Resource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The libraries that PostgreSQL is to load at its start or in every session: without one of them it does not start, or
 * lets nobody in. They are looked for where PostgreSQL looks. One that no package of this plan can bring is refused
 * before anything is touched; one that may still come with a package is looked for again behind the packages, before
 * PostgreSQL is told of it. Immutable and thread-safe.
 */
final class PreloadedLibraries implements Resource {
    private static final String ID = "patroni:libraries";
    private static final String MISSING = "missing ";
    private static final String INSTALLED = "installed ";
    private static final String KNOWN = "known ";
    private static final String RELATED = "related ";

    /** What has PostgreSQL in its name, or depends on what has, may bring one of its libraries. */
    private static final Pattern POSTGRES = Pattern.compile("postgres|pg", Pattern.CASE_INSENSITIVE);

    /** What the package of the server itself brings along. */
    private static final Set<String> SERVERS = Set.of(
            "auth_delay",
            "auto_explain",
            "basebackup_to_shell",
            "basic_archive",
            "passwordcheck",
            "pg_overexplain",
            "pg_prewarm",
            "pg_stat_statements",
            "sepgsql",
            "test_decoding");

    private final Node node;
    private final int version;
    private final List<String> ownPackages;
    /** The files of which one must be there, by the parameter and the name that stands in it. */
    private final Map<String, List<String>> places;

    private final Probe probe;

    private PreloadedLibraries(PlanContext context, Node node) {
        this.node = node;
        this.version = PatroniLayout.version(context, node);
        this.ownPackages = context.config().os().packages();
        this.places = places(context);
        this.probe = new Probe(
                ID, script(), places.keySet().stream().map(MISSING::concat).collect(Collectors.joining("\n")));
    }

    /** Returns them; empty where the configuration names none, so that nothing is asked. */
    static Optional<PreloadedLibraries> of(PlanContext context, Node node) {
        return Optional.of(new PreloadedLibraries(context, node)).filter(libraries -> !libraries.places.isEmpty());
    }

    private Map<String, List<String>> places(PlanContext context) {
        Map<String, Object> parameters = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        parameters.putAll(ServerParameters.of(context));
        String path = String.valueOf(parameters.getOrDefault("dynamic_library_path", "$libdir"));
        Map<String, List<String>> found = new TreeMap<>();
        for (String parameter :
                List.of("shared_preload_libraries", "session_preload_libraries", "local_preload_libraries")) {
            for (String name : names(String.valueOf(parameters.getOrDefault(parameter, "")))) {
                boolean plugin = parameter.startsWith("local") && name.indexOf('/') < 0;
                List<String> stems = plugin
                        ? List.of("$libdir/plugins/" + name)
                        : name.indexOf('/') >= 0
                                ? List.of(name)
                                : List.of(path.split(":", -1)).stream()
                                        .map(directory -> directory + "/" + name)
                                        .toList();
                found.put(
                        parameter + " " + name,
                        stems.stream()
                                .map(stem -> stem.startsWith("$libdir")
                                        ? "/usr/lib/postgresql/" + version + "/lib" + stem.substring("$libdir".length())
                                        : stem)
                                .flatMap(stem -> List.of(stem, stem + ".so").stream())
                                .toList());
            }
        }
        return found;
    }

    /** Takes a list apart as PostgreSQL does: commas separate, double quotes keep, a doubled one stands for itself. */
    static List<String> names(String list) {
        List<String> names = new ArrayList<>();
        StringBuilder name = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i <= list.length(); i++) {
            char c = i < list.length() ? list.charAt(i) : ',';
            if (c == '"' && quoted && i + 1 < list.length() && list.charAt(i + 1) == '"') {
                name.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && (!quoted || i == list.length())) {
                if (!name.toString().isBlank()) {
                    names.add(name.toString().strip());
                }
                name.setLength(0);
            } else {
                name.append(c);
            }
        }
        return List.copyOf(new LinkedHashSet<>(names));
    }

    /** Costs no process where all are there; else it asks dpkg and apt, too. */
    private String script() {
        StringBuilder script = new StringBuilder("missing=\n");
        places.forEach((library, files) -> script.append(
                        files.stream().map(file -> "[ -f " + quote(file) + " ]").collect(Collectors.joining(" || ")))
                .append(" || { missing=yes; echo ")
                .append(quote(MISSING + library))
                .append("; }\n"));
        Set<String> packages = new TreeSet<>(ownPackages);
        packages.add(server());
        Set<String> guesses = places.keySet().stream()
                .flatMap(library -> guesses(library).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        return script.append("if [ -n \"$missing\" ]; then\ndpkg-query -W -f '${db:Status-Status} ${Package}\\n' ")
                .append(packages.stream().map(name -> quote(name)).collect(Collectors.joining(" ")))
                .append(" 2>/dev/null | grep '^installed '\n")
                .append("apt-cache pkgnames ")
                .append(server())
                .append(" | grep -Fx")
                .append(guesses.stream().map(name -> " -e " + quote(name)).collect(Collectors.joining()))
                .append(" | sed 's/^/")
                .append(KNOWN)
                .append("/'\n")
                .append(related())
                .append("fi\n")
                .toString();
    }

    /** Asks apt about the packages of the configuration whose names do not tell. */
    private String related() {
        List<String> unclear = ownPackages.stream()
                .filter(name -> !POSTGRES.matcher(name).find())
                .toList();
        return unclear.isEmpty()
                ? ""
                : "apt-cache depends --important "
                        + unclear.stream().map(name -> quote(name)).collect(Collectors.joining(" "))
                        + " 2>/dev/null | awk '/^[^ ]/ { name = $1 } /^ .*postgres/ { print \"" + RELATED
                        + "\" name }'\n";
    }

    private String server() {
        return "postgresql-" + version;
    }

    /**
     * Debian names an extension's package after it, in several ways: {@code pg_cron} is in {@code postgresql-17-cron}.
     */
    private Set<String> guesses(String library) {
        String name = name(library).toLowerCase(Locale.ROOT).replace('_', '-');
        Set<String> guesses = new LinkedHashSet<>();
        for (String stem : List.of(name, name.replaceFirst("-(bgw|worker)$", ""))) {
            guesses.add(server() + "-" + stem);
            guesses.add(server() + "-" + stem.replaceFirst("^pg-?", ""));
        }
        return guesses;
    }

    private static String name(String library) {
        String file = library.substring(library.lastIndexOf('/') + 1);
        return file.substring(file.lastIndexOf(' ') + 1).replaceFirst("\\.so$", "");
    }

    /** Returns the rule that refuses what no package of this plan can bring. */
    PreflightRule rule() {
        return new PreflightRule(
                node,
                new Probe("preflight:libraries", probe.script(), probe.bare()),
                answer -> Optional.of(others(answer))
                        .filter(others -> !others.isEmpty() && coming(answer).isEmpty())
                        .map(others -> problem("preflight.library-missing", others, answer)));
    }

    /**
     * Those that are missing, and that the server's package will not bring: it has been installed, or has never had
     * them.
     */
    private List<String> others(String answer) {
        List<String> missing = lines(answer, MISSING);
        return lines(answer, INSTALLED).contains(server())
                ? missing
                : missing.stream()
                        .filter(library -> !SERVERS.contains(name(library)))
                        .toList();
    }

    /** The packages that the configuration names, that are not there yet, and that may have to do with PostgreSQL. */
    private List<String> coming(String answer) {
        List<String> installed = lines(answer, INSTALLED);
        List<String> related = lines(answer, RELATED);
        return ownPackages.stream()
                .filter(name -> !installed.contains(name))
                .filter(name -> POSTGRES.matcher(name).find() || related.contains(name))
                .toList();
    }

    private Problem problem(String code, List<String> missing, String answer) {
        List<String> known = lines(answer, KNOWN);
        List<String> packages = missing.stream()
                .flatMap(library ->
                        guesses(library).stream().filter(known::contains).limit(1))
                .toList();
        String names = names(missing);
        return Problem.on(
                node.name(),
                code,
                "PostgreSQL " + version + " would "
                        + Stream.of(
                                        consequence("not start", missing, library -> atStart(library)),
                                        consequence(
                                                "let nobody in, not even Patroni,",
                                                missing,
                                                library -> !atStart(library)))
                                .flatMap(Optional::stream)
                                .collect(Collectors.joining(", and ")),
                (packages.isEmpty()
                                ? "Name the package that brings " + names + " in os.packages; apt on " + node.name()
                                        + " knows none of that name for PostgreSQL " + version
                                        + ". Or take " + names
                                : "Add " + String.join(", ", packages) + " to os.packages. Or take " + names)
                        + " out of postgres.parameters.");
    }

    /** The libraries of the other two parameters are loaded by every new connection. */
    private static boolean atStart(String library) {
        return library.startsWith("shared_");
    }

    private Optional<String> consequence(String what, List<String> missing, Predicate<String> which) {
        String libraries = missing.stream()
                .filter(which)
                .map(library -> library.replaceFirst(" ", " = ") + " (there is no "
                        + places.getOrDefault(library, List.of(library)).stream()
                                .filter(place -> place.endsWith(".so"))
                                .findFirst()
                                .orElse(library)
                        + ")")
                .collect(Collectors.joining(", "));
        return libraries.isEmpty() ? Optional.empty() : Optional.of(what + " with " + libraries);
    }

    private static List<String> lines(String answer, String mark) {
        return answer.lines()
                .filter(line -> line.startsWith(mark))
                .map(line -> line.substring(mark.length()))
                .toList();
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "make sure that the libraries to be preloaded are there";
    }

    @Override
    public Volatility volatility() {
        return Volatility.TRANSIENT;
    }

    @Override
    public Probe probe() {
        return probe;
    }

    @Override
    public Optional<Change> diff(Observation observation) {
        String answer = observation.text();
        List<String> others = others(answer);
        List<String> servers = lines(answer, MISSING).stream()
                .filter(library -> !others.contains(library))
                .toList();
        String reason = Stream.of(
                        shouldCome(servers, List.of(server())),
                        shouldCome(others, coming(answer).isEmpty() ? List.of("a package") : coming(answer)))
                .flatMap(Optional::stream)
                .collect(Collectors.joining("; "));
        return reason.isEmpty() ? Optional.empty() : Optional.of(Change.of(reason, Impact.NONE));
    }

    private static Optional<String> shouldCome(List<String> libraries, List<String> packages) {
        return libraries.isEmpty()
                ? Optional.empty()
                : Optional.of(names(libraries) + " should come with " + String.join(", ", packages));
    }

    private static String names(List<String> libraries) {
        return libraries.stream().map(PreloadedLibraries::name).collect(Collectors.joining(", "));
    }

    @Override
    public Act.OnHost act(Observation observation) {
        return Act.onHost(Command.sh(":"), "");
    }

    @Override
    public Optional<Problem> unmet(Node on, Observation observation) {
        return Optional.of(problem("postgres.library-missing", lines(observation.text(), MISSING), observation.text()));
    }
}
