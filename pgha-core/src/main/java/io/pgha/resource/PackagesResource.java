package io.pgha.resource;

import io.pgha.host.Command;
import io.pgha.host.Probe;
import io.pgha.host.Script;
import io.pgha.plan.Change;
import io.pgha.plan.Impact;
import io.pgha.spi.Observation;
import io.pgha.spi.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Debian packages that are installed, all in one {@code apt-get}. Immutable and thread-safe.
 *
 * @param packages their names
 */
public record PackagesResource(List<String> packages) implements Resource {
    private static final Duration LIMIT = Duration.ofMinutes(30);

    /**
     * Creates the resource.
     *
     * @param packages the packages' names; duplicates are dropped
     */
    public PackagesResource {
        packages = List.copyOf(new TreeSet<>(packages));
    }

    @Override
    public String id() {
        return "packages";
    }

    @Override
    public String title() {
        return "install " + packages.size() + " packages";
    }

    @Override
    public Probe probe() {
        return new Probe(
                id(),
                Script.of("dpkg-query -W -f '${db:Status-Status} ${Package}\\n' {{packages}}"
                                + " | sed -n 's/^installed //p' | sort -u")
                        .words("packages", packages)
                        .render(),
                "");
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
     * Waits for another apt or dpkg, such as that of a run that was killed, finishes what an interrupted dpkg left, refreshes the
     * package lists where they are older than an hour or miss a package, and installs without recommended packages and without
     * asking.
     */
    @Override
    public Command act(Observation observation) {
        return Command.builder()
                .script(Script.of("""
                    set -e
                    export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l NEEDRESTART_SUSPEND=1 LC_ALL=C.UTF-8
                    log=$(mktemp); trap 'rm -f "$log" "$log.status"' EXIT
                    patiently() {
                      until=$(( $(date +%s) + 600 ))
                      while :; do
                        { status=0; "$@" </dev/null 2>&1 || status=$?; echo $status >"$log.status"; } | tee "$log"
                        status=$(cat "$log.status")
                        [ "$status" != 0 ] || return 0
                        grep -qE 'lock was locked|database is locked|Could not get lock|Unable to acquire' "$log" \\
                          && [ $(date +%s) -lt $until ] || return $status
                        sleep 1
                      done
                    }
                    apt() { patiently apt-get -q -y -o DPkg::Lock::Timeout=60 -o Dpkg::Options::=--force-confdef \\
                      -o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0 --no-install-recommends "$@"; }
                    patiently dpkg --configure -a
                    [ -n "$(find /var/lib/apt/lists -maxdepth 1 -name '*_Packages*' -mmin -60 -print -quit)" ] || apt update
                    apt install {{packages}} || { apt update && apt -f install {{packages}}; }
                    """).words("packages", packages).render())
                .timeout(LIMIT)
                .settle(id(), String.join("\n", packages))
                .build();
    }
}
