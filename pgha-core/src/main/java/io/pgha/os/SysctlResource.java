package io.pgha.os;

import static io.pgha.host.ShellQuote.quote;

import io.pgha.host.Command;
import io.pgha.host.Probe;
import io.pgha.host.Script;
import io.pgha.plan.Change;
import io.pgha.plan.Impact;
import io.pgha.resource.FileResource;
import io.pgha.spi.Act;
import io.pgha.spi.Observation;
import io.pgha.spi.Resource;
import io.pgha.text.Count;
import io.pgha.text.SysctlName;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Kernel settings as they are in force. One that cannot be set on this machine (in containers most of {@code /proc/sys}
 * is read-only) counts as done; {@link #file()} says so once, when the file is written. Immutable and thread-safe.
 *
 * @param settings values by name, such as OsConfig takes: each is one line
 */
record SysctlResource(Map<String, String> settings) implements Resource {
    private static final String NOT_SETTABLE = "not settable here";

    SysctlResource {
        settings = new TreeMap<>(settings);
    }

    /** The file that sets them again at every boot. */
    Resource file() {
        String lines = settings.entrySet().stream()
                .map(entry -> entry.getKey() + " = " + entry.getValue().strip() + "\n")
                .collect(Collectors.joining());
        FileResource.Builder file =
                FileResource.at("/etc/sysctl.d/90-pgha.conf").content("# Written by pgha.\n" + lines);
        return (settings.isEmpty()
                        ? file
                        : file.afterwards("for k in " + paths() + "; do [ -w \"/proc/sys/$k\" ] || echo \"$k is "
                                + NOT_SETTABLE + "\" >&2; done"))
                .build();
    }

    @Override
    public String id() {
        return "sysctl";
    }

    @Override
    public String title() {
        return "set " + Count.of(settings.size(), "kernel setting");
    }

    /**
     * The kernel gives a number to one read only, and the shell's own {@code read} takes a byte at a time: it would see
     * the first digit.
     */
    @Override
    public Probe probe() {
        return new Probe(
                id(),
                "set --\nfor k in " + paths() + "; do\n"
                        + "  if [ -w \"/proc/sys/$k\" ]; then set -- \"$@\" \"/proc/sys/$k\"; else echo \"$k "
                        + NOT_SETTABLE + "\"; fi\n"
                        + "done\n"
                        + "[ $# -eq 0 ] || awk '{ print substr(FILENAME, 11) \"=\" $0 }' \"$@\"",
                "");
    }

    @Override
    public Optional<Change> diff(Observation observation) {
        Map<String, String> found = new LinkedHashMap<>();
        observation.text().lines().forEach(line -> {
            int equals = line.indexOf('=');
            found.put(
                    equals < 0 ? line.substring(0, Math.max(0, line.indexOf(' '))) : line.substring(0, equals),
                    equals < 0 ? NOT_SETTABLE : words(line.substring(equals + 1)));
        });
        String reasons = settings.entrySet().stream()
                .map(entry -> {
                    String value = found.getOrDefault(SysctlName.path(entry.getKey()), "unknown");
                    return value.equals(NOT_SETTABLE) || value.equals(words(entry.getValue()))
                            ? ""
                            : entry.getKey() + " is " + value + ", should be " + entry.getValue();
                })
                .filter(reason -> !reason.isEmpty())
                .collect(Collectors.joining("; "));
        return reasons.isEmpty() ? Optional.empty() : Optional.of(Change.of(reasons, Impact.NONE));
    }

    @Override
    public Act.OnHost act(Observation observation) {
        StringBuilder script = new StringBuilder(
                Script.of("""
                    put() {
                      if [ ! -w "/proc/sys/$1" ]; then echo "$1 is "{{notSettable}} >&2; return; fi
                      printf '%s\\n' "$2" >"/proc/sys/$1" || { echo "The kernel refuses $2 for $1" >&2; exit 1; }
                    }
                    """).value("notSettable", NOT_SETTABLE).render());
        settings.forEach((name, value) -> script.append("put ")
                .append(quote(SysctlName.path(name)))
                .append(' ')
                .append(quote(value))
                .append('\n'));
        return Act.onHost(
                Command.sh(script.toString()),
                settings.entrySet().stream()
                        .map(entry -> SysctlName.path(entry.getKey()) + "=" + entry.getValue())
                        .collect(Collectors.joining("\n")));
    }

    private String paths() {
        return settings.keySet().stream()
                .map(name -> quote(SysctlName.path(name)))
                .collect(Collectors.joining(" "));
    }

    private static String words(String value) {
        return value.strip().replaceAll("\\s+", " ");
    }
}
