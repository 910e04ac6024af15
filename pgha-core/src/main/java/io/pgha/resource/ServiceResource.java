package io.pgha.resource;

import io.pgha.host.Command;
import io.pgha.host.Probe;
import io.pgha.host.Script;
import io.pgha.plan.Change;
import io.pgha.plan.Impact;
import io.pgha.spi.Act;
import io.pgha.spi.Notification;
import io.pgha.spi.Observation;
import io.pgha.spi.Reaction;
import io.pgha.spi.Resource;
import io.pgha.spi.Trigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * A systemd unit that is enabled and runs what is on disk: it starts, and restarts or reloads when something that it
 * reads has changed, now or in a run that was cut short (a marker tells). Immutable and thread-safe.
 */
@Value.Immutable
public interface ServiceResource extends Resource {

    /**
     * Returns the unit.
     *
     * @return its name without {@code .service}
     */
    String unit();

    /**
     * Returns what a restart does to the service.
     *
     * @return {@link Impact#RESTART} by default
     */
    @Value.Default
    default Impact restartImpact() {
        return Impact.RESTART;
    }

    /**
     * Returns what a reload does to those who use the service, where they may want to know.
     *
     * @return a few words that a plan adds to the reason of a reload; by default none
     */
    Optional<String> reloadEffect();

    /**
     * Returns whether the command waits until systemd calls the unit started.
     *
     * @return {@link Start#WAIT} by default
     */
    @Value.Default
    default Start start() {
        return Start.WAIT;
    }

    /**
     * Returns how long systemd may take.
     *
     * @return the limit; 90 s by default, systemd's own
     */
    @Value.Default
    default Duration limit() {
        return Duration.ofSeconds(90);
    }

    @Override
    @Value.Derived
    default String id() {
        return "service:" + unit();
    }

    @Override
    @Value.Derived
    default String title() {
        return "run " + unit();
    }

    @Override
    default Probe probe() {
        String marker = Pending.path(unit());
        return new Probe(
                id(),
                List.of(Systemd.batch(unit()), HostFile.Look.CONTENT.batch(marker)),
                printed -> UnitState.text(
                        Systemd.properties(printed.get(0), unit()),
                        HostFile.Look.CONTENT.find(printed.get(1), marker).map(HostFile::text)),
                "inactive no no  none");
    }

    @Override
    default Optional<Change> diff(Observation observation) {
        UnitState state = UnitState.parse(observation.text());
        List<String> reasons = new ArrayList<>();
        boolean running =
                state.serves() || (start() == Start.NO_BLOCK && state.active().equals("activating"));
        if (!running) {
            reasons.add("is " + state.active());
        }
        if (!state.enabled()) {
            reasons.add("is not enabled");
        }
        state.pending().ifPresent(reaction -> reasons.add("a " + lower(reaction) + " is pending from an earlier run"));
        if (state.needsDaemonReload() && running) {
            reasons.add("its unit file changed");
        }
        observation.triggers().forEach(trigger -> reasons.add(trigger.cause()));
        if (reasons.isEmpty()) {
            return Optional.empty();
        }
        Optional<Reaction> reaction = running ? reaction(state, observation.triggers()) : Optional.empty();
        reaction.filter(Reaction.RELOAD::equals)
                .flatMap(reload -> reloadEffect())
                .ifPresent(reasons::add);
        Impact impact = reaction.map(what -> what == Reaction.RESTART ? restartImpact() : Impact.RELOAD)
                .orElse(Impact.NONE);
        return Optional.of(Change.of(String.join(", ", reasons), impact));
    }

    private static Optional<Reaction> reaction(UnitState state, List<Trigger> triggers) {
        boolean restart = state.needsDaemonReload()
                || state.pending().filter(Reaction.RESTART::equals).isPresent()
                || triggers.stream().anyMatch(trigger -> trigger.reaction() == Reaction.RESTART);
        if (restart) {
            return Optional.of(Reaction.RESTART);
        }
        return state.pending().isPresent() || !triggers.isEmpty() ? Optional.of(Reaction.RELOAD) : Optional.empty();
    }

    private static String lower(Reaction reaction) {
        return reaction.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Obeys the marker, which is on the machine and so tells the truth even after a run that was cut short. A restart
     * that is not waited for is a stop that is, and a start: otherwise the old process would be seen on its way out.
     */
    @Override
    default Act.OnHost act(Observation observation) {
        String wait = start() == Start.NO_BLOCK ? " --no-block" : "";
        String restart = start() == Start.NO_BLOCK
                ? "{ systemctl stop \"$unit\" && systemctl start --no-block \"$unit\"; }"
                : "systemctl restart \"$unit\"";
        return Act.onHost(
                Command.builder()
                        .script(Script.of("""
                    set -e
                    unit={{unit}} marker={{marker}}
                    reload=$(systemctl show -p NeedDaemonReload --value "$unit")
                    [ "$reload" = no ] || systemctl daemon-reload
                    systemctl --quiet enable "$unit"
                    pending=$(cat "$marker" 2>/dev/null || true)
                    [ "$reload" = no ] || pending=RESTART
                    systemctl is-active --quiet "$unit" || pending=START
                    case $pending in
                      START) systemctl reset-failed "$unit" 2>/dev/null || true; systemctl start{{wait}} "$unit" || failed=1;;
                      RESTART) {{restart}} || failed=1;;
                      RELOAD) systemctl reload-or-restart "$unit" || failed=1;;
                    esac
                    # A start that is queued is not one that has begun.
                    while [ -n "$(systemctl show -p Job --value "$unit")" ] \\
                      && [ "$(systemctl show -p ActiveState --value "$unit")" = inactive ]; do sleep 0.05; done
                    if [ -n "$failed" ]; then journalctl -u "$unit" -n 20 --no-pager -o cat; exit 1; fi
                    rm -f "$marker"
                    """)
                                .part("wait", wait)
                                .part("restart", restart)
                                .value("unit", unit())
                                .value("marker", Pending.path(unit()))
                                .render())
                        .timeout(limit())
                        .build(),
                "active yes no enabled none");
    }

    /** Names whether a start is waited for. */
    enum Start {
        /** The command ends when systemd calls the unit started. */
        WAIT,
        /**
         * The command only queues the start; something later must wait for the service (etcd's members need each
         * other).
         */
        NO_BLOCK
    }

    /**
     * Returns a builder.
     *
     * @param unit the unit's name without {@code .service}
     * @return a new builder
     */
    static Builder unit(String unit) {
        return new Builder().unit(unit);
    }

    /**
     * Returns the notification that asks a unit on the same node to restart.
     *
     * @param unit the unit's name without {@code .service}
     * @return the notification
     */
    static Notification restart(String unit) {
        return new Notification("service:" + unit, Reaction.RESTART, Notification.Reach.NODE);
    }

    /**
     * Returns the notification that asks a unit on the same node to reload.
     *
     * @param unit the unit's name without {@code .service}
     * @return the notification
     */
    static Notification reload(String unit) {
        return new Notification("service:" + unit, Reaction.RELOAD, Notification.Reach.NODE);
    }

    /** Builds a {@link ServiceResource}. Confined to one thread. */
    final class Builder extends ImmutableServiceResource.Builder {
        Builder() {}
    }
}
