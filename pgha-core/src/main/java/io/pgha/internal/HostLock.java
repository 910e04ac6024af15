package io.pgha.internal;

import io.pgha.host.Probe;
import io.pgha.host.Script;
import java.time.Duration;
import java.util.UUID;

/**
 * The lock on one host, as scripts. A file in {@code /run/pgha} names the holder. The holder is alive while the SSH
 * connection that it last came by is open and it has come by within the last minute, or while a command of it still
 * runs: so a controller that was killed is gone at once, one that was cut off after a minute, and neither before its
 * last command has ended. Who finds the file of a holder that is gone takes over. Time is the host's own uptime:
 * nobody's clock is trusted.
 *
 * <p>Immutable and thread-safe; no I/O.
 */
final class HostLock {
    static final Duration TTL = Duration.ofSeconds(60);
    static final String HELD = "held";
    /** A step's status when it found that the lock is another's. */
    static final int LOST_STATUS = 75;

    static final String LOST_MARK = "pgha-lock: ";

    private final String token = UUID.randomUUID().toString();
    private final String holder;
    private final String directory;

    HostLock(String holder) {
        this(holder, "/run/pgha");
    }

    /** For tests, which must not touch this machine's own. */
    HostLock(String holder, String directory) {
        this.holder = holder;
        this.directory = directory;
    }

    /**
     * Takes the lock where it is free, ours or a dead one's; answers "held", or "locked" or "dying" with the holder.
     */
    Probe claim() {
        return new Probe("pgha:lock", script("claim", "0"), HELD);
    }

    /** Says that we live; takes nothing. */
    Probe renew() {
        return new Probe("pgha:lock-renewal", script("renew", "0"), HELD);
    }

    Probe release() {
        return new Probe(
                "pgha:unlock",
                Script.of("""
                    exec 9>{{directory}}/lock.guard && flock -w 10 9 || exit
                    read -r token rest <{{directory}}/lock && [ "$token" = {{token}} ] && rm -f {{directory}}/lock
                    echo released
                    """)
                        .value("token", token)
                        .value("directory", directory)
                        .render(),
                "released");
    }

    /** Returns what stands before a step: it acts only where the lock is ours, and keeps it ours until it has ended. */
    String guard() {
        return "lock=$(\n" + script("claim", "$$") + ")\n[ \"$lock\" = " + HELD + " ] || { printf '%s\\n' \""
                + LOST_MARK + "${lock:-no answer}\" >&2; exit " + LOST_STATUS + "; }\n";
    }

    private String script(String mode, String busy) {
        return Script.of(SCRIPT)
                .value("token", token)
                .value("mode", mode)
                .part("busy", busy)
                .value("seconds", TTL.toSeconds())
                .value("directory", directory)
                .value("holder", holder)
                .render();
    }

    /**
     * A process is known by its number and its start; what is between the two in stat may hold blanks. One that has
     * ended may wait long for its parent to take note, as sshd's does while an installation keeps systemd busy. A
     * command whose controller dies while it takes the lock finds no sshd above itself any more: the lock stays with
     * the session that it was taken in.
     */
    private static final String SCRIPT = """
        mkdir -p {{directory}} && exec 9>{{directory}}/lock.guard && flock -w 10 9 || exit
        started() {
          [ "$1" -gt 0 ] && { read -r stat </proc/$1/stat; } 2>/dev/null || { echo 0; return; }
          set -- ${stat##*) }
          case $1 in Z | X) echo 0 ;; *) echo "${20}" ;; esac
        }
        alive() { [ "$1" -gt 0 ] && [ "$2" -gt 0 ] && [ "$(started "$1")" = "$2" ]; }
        read -r now rest </proc/uptime
        now=${now%%.*}
        token=
        if [ -s {{directory}}/lock ]; then
          { read -r token until session begun busy busybegun; read -r holder; } <{{directory}}/lock
        fi
        if [ -n "$token" ] && [ "$token" != {{token}} ]; then
          link=no work=no
          if [ "$session" = 0 ] || alive "$session" "$begun"; then link=yes; fi
          if alive "$busy" "$busybegun"; then work=yes; fi
          if [ $link = yes ] && { [ "$now" -lt "$until" ] || [ $work = yes ]; }; then echo "locked $holder"; exit; fi
          if [ $work = yes ]; then echo "dying $holder"; exit; fi
        fi
        if [ {{mode}} = renew ] && [ "$token" != {{token}} ]; then echo "gone ${holder:-nobody}"; exit; fi
        known=0 knownbegun=0
        if [ "$token" = {{token}} ]; then known=$session knownbegun=$begun; fi
        session=0 process=$$
        while [ "$process" -gt 1 ]; do
          read -r name </proc/$process/comm || break
          case $name in sshd*) session=$process; break ;; esac
          while read -r key value; do
            if [ "$key" = PPid: ]; then process=$value; break; fi
          done </proc/$process/status
        done
        begun=$(started "$session")
        if [ "$session" = 0 ]; then session=$known begun=$knownbegun; fi
        printf '%s %s %s %s %s %s\\n%s\\n' {{token}} $((now + {{seconds}})) "$session" "$begun" \\
          {{busy}} "$(started {{busy}})" {{holder}} >{{directory}}/lock.new && mv -f {{directory}}/lock.new {{directory}}/lock && echo held
        """;
}
