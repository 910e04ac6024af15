package io.pgha.resource;

import io.pgha.host.Probe;
import io.pgha.host.Script;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Asks systemd about units: one call answers all probes of a remote command, for each call costs the machine about as
 * much as all files of a configuration do. Stateless, thread-safe, no I/O.
 */
public final class Systemd {
    private static final String SHOW =
            "systemctl show -p Names,ActiveState,UnitFileState,NeedDaemonReload,ConditionResult,Job";

    private Systemd() {}

    /**
     * Returns what to ask.
     *
     * @param unit the unit's name without {@code .service}
     * @return the batch; {@link #find} takes its answer apart on the host
     */
    public static Probe.Batch batch(String unit) {
        return new Probe.Batch(SHOW, List.of(unit));
    }

    /**
     * Finds a unit's part in the answer: what systemd calls its properties, by their names; empty where it was not
     * asked about.
     */
    static Optional<Map<String, String>> properties(String answer, String unit) {
        return Stream.of(answer.split("\n\n", -1))
                .map(Systemd::properties)
                .filter(properties -> List.of(
                                properties.getOrDefault("Names", "").split(" ", -1))
                        .contains(unit + ".service"))
                .findFirst();
    }

    private static Map<String, String> properties(String paragraph) {
        return paragraph
                .lines()
                .map(line -> line.split("=", 2))
                .filter(pair -> pair.length == 2)
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (one, other) -> one));
    }

    /**
     * Returns the script that takes the unit's part out of the answer, without running any program. It sets
     * {@code $active}, {@code $enabled}, {@code $reload}, {@code $condition} and {@code $job} to what systemd calls
     * ActiveState, UnitFileState, NeedDaemonReload, ConditionResult and Job.
     *
     * @param unit the unit's name without {@code .service}, or another name that it has
     * @return POSIX {@code sh} for a probe whose batch is that of the unit
     */
    public static String find(String unit) {
        return Script.of("""
            mine=
            while IFS='=' read -r key value; do
              case $key in
                Names) case " $value " in *{{name}}*) mine=yes ;; esac ;;
                ActiveState) active=$value ;;
                ConditionResult) condition=$value ;;
                NeedDaemonReload) reload=$value ;;
                UnitFileState) enabled=$value ;;
                Job) job=$value ;;
                '') [ -z "$mine" ] || break ;;
              esac
            done <<END
            $batch
            END
            [ -n "$mine" ] || active=unknown condition= reload= enabled= job=
            """).value("name", " " + unit + ".service ").render();
    }

    /**
     * Returns a value as a word of a unit file, where each directive has quotes of its own: only what needs none goes
     * in.
     *
     * @param value letters, digits and {@code _ . : / @ + , -}
     * @return the same
     * @throws IllegalArgumentException for any other character
     */
    public static String word(String value) {
        if (!value.matches("[A-Za-z0-9_.:/@+,-]+")) {
            throw new IllegalArgumentException("No word of a unit file: " + value);
        }
        return value;
    }
}
