package io.pgha.host;

/**
 * Tells scripts that wait how much time has passed. The time of day does not: the time service that a deploy starts may
 * set it, by hours.
 */
public final class ShellClock {
    /**
     * Defines {@code clock}, which sets {@code $clock} to whole seconds since the machine was started, and starts no
     * process. POSIX {@code sh}:
     *
     * <pre>{@code
     * clock; until=$(( clock + 30 ))
     * until served; do
     *   clock; [ $clock -lt $until ] || exit 1
     *   sleep 0.2
     * done
     * }</pre>
     */
    public static final String DEFINITION = "clock() { read -r clock _ </proc/uptime; clock=${clock%%.*}; }\n";

    private ShellClock() {}
}
