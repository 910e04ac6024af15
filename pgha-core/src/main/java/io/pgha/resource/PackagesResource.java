package io.pgha.resource;

import io.pgha.Problem;
import io.pgha.host.Command;
import io.pgha.host.Probe;
import io.pgha.host.Script;
import io.pgha.host.ShellClock;
import io.pgha.model.InvalidConfigException;
import io.pgha.plan.Change;
import io.pgha.plan.Impact;
import io.pgha.spi.Act;
import io.pgha.spi.Observation;
import io.pgha.spi.Resource;
import io.pgha.text.Count;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Debian packages that are installed, all in one {@code apt-get}. Immutable and thread-safe.
 *
 * @param packages their names
 */
public record PackagesResource(List<String> packages) implements Resource {
    /**
     * What apt-get takes for the name of one package: no option, no version or release, and no - at the end, which
     * removes.
     */
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9+.-]{0,126}[a-z0-9+.]");

    private static final Duration LIMIT = Duration.ofMinutes(30);

    /**
     * Creates the resource.
     *
     * @param packages the packages' names; duplicates are dropped
     * @throws InvalidConfigException when one is not the name of a Debian package, or ends in {@code -}, which would
     *     remove it
     */
    public PackagesResource {
        packages = List.copyOf(new TreeSet<>(packages));
        List<Problem> problems = packages.stream()
                .filter(name -> !NAME.matcher(name).matches())
                .map(name -> Problem.of(
                        "config.package-name",
                        "\"" + name.replaceAll("[^\\x20-\\x7e]", "?")
                                + "\" is not the name of a Debian package that apt-get would install",
                        "Write the name alone, for example postgresql-contrib."))
                .toList();
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
    }

    @Override
    public String id() {
        return "packages";
    }

    @Override
    public String title() {
        return "install " + Count.of(packages.size(), "package");
    }

    @Override
    public Probe probe() {
        return new Probe(
                id(), List.of(Dpkg.batch(packages)), printed -> String.join("\n", Dpkg.installed(printed.get(0))), "");
    }

    @Override
    public Optional<Change> diff(Observation observation) {
        Set<String> missing = new TreeSet<>(packages);
        observation.text().lines().forEach(missing::remove);
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(Change.of("missing: " + String.join(", ", missing), Impact.NONE));
    }

    /**
     * Waits for another apt or dpkg, such as that of a run that was killed, and says whose it is; finishes what an
     * interrupted dpkg left; refreshes the package lists, names the repositories where that fails, and installs from
     * what the others have, without recommended packages and without asking.
     */
    @Override
    public Act.OnHost act(Observation observation) {
        return Act.onHost(
                Command.builder()
                        .script(Script.of("""
                    {{clock}}
                    set -e
                    export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l NEEDRESTART_SUSPEND=1 LC_ALL=C.UTF-8
                    log=$(mktemp); trap 'rm -f "$log" "$log".*' EXIT
                    holder() {
                      pid=$(sed -nE 's/.*(held by process|with pid) ([0-9]+).*/\\2/p' "$log" | tail -n 1)
                      name=$(cat "/proc/${pid:-none}/comm" 2>/dev/null || echo 'another program')
                      echo "waiting for $name${pid:+ (process $pid)}, which works on the packages"
                    }
                    patiently() {
                      clock; until=$(( clock + 600 )) told=
                      while :; do
                        { status=0; "$@" </dev/null 2>&1 || status=$?; echo $status >"$log.status"; } | tee "$log"
                        status=$(cat "$log.status")
                        [ "$status" != 0 ] || return 0
                        grep -qE 'lock was locked|database is locked|Could not get lock|Unable to acquire' "$log" || return $status
                        busy=$(holder)
                        clock
                        if [ $clock -ge $until ]; then echo "Gave up after 600 s $busy" >&2; return $status; fi
                        [ "$busy" = "$told" ] || { echo "$busy" >&2; told=$busy; }
                        sleep 1
                      done
                    }
                    apt() { patiently apt-get -q -y -o DPkg::Lock::Timeout=0 -o Dpkg::Options::=--force-confdef \\
                      -o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0 --no-install-recommends "$@"; }
                    broken() { [ ! -s "$log.broken" ] || { echo "$1"; cat "$log.broken"; } >&2; }
                    patiently dpkg --configure -a
                    apt update || :
                    grep -E '^(E|W): |^Err:' "$log" >"$log.broken" || :
                    broken 'Package repositories of this host are broken; what the others have is installed:'
                    if ! apt install {{packages}} && ! apt -f install {{packages}}; then
                      broken 'The packages cannot be installed. What is wrong with the package repositories of this host:'
                      exit 1
                    fi
                    """)
                                .part("clock", ShellClock.DEFINITION)
                                .words("packages", packages)
                                .render())
                        .timeout(LIMIT)
                        .build(),
                String.join("\n", packages));
    }
}
