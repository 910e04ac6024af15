package io.pgha.etcd.internal.component;

import static io.pgha.host.ShellQuote.quote;

import io.pgha.Problem;
import io.pgha.etcd.internal.dcs.DcsKeys;
import io.pgha.host.Script;
import io.pgha.host.ShellClock;
import io.pgha.model.ClusterConfig;
import io.pgha.port.EtcdUser;
import io.pgha.resource.CommandResource;
import io.pgha.resource.FileResource;
import io.pgha.spi.PlanContext;
import io.pgha.spi.Resource;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Turns etcd's authentication on and off while Patroni works. It is enabled last, when every Patroni has been seen to have read its
 * password, and disabled first; either counts as done when every Patroni has been seen to write.
 *
 * <p>How a Patroni is seen to write: its key is put on another lease, with the value that it has. A Patroni that works takes its key
 * back in its next round; one that does not loses it with that lease, as one that is dead does. Stateless; no I/O.
 */
final class Authentication {
    /** The passwords, for root on the hosts; where it exists, authentication may be enabled. */
    static final String PASSWORDS = "/etc/etcd/passwords";

    /** Exists while authentication is enabled and not every Patroni has been seen to write since. */
    private static final String UNPROVEN = "/var/lib/pgha/pending/etcd-authentication";

    private static final String ABSENT = "there are no users yet";

    private Authentication() {}

    /** etcdctl reads a password up to the first blank. */
    static List<Problem> check(PlanContext context) {
        return users(context)
                .filter(user -> !user.password().reveal().matches("[^\\s\\p{Cntrl}]+"))
                .map(user -> Problem.of(
                        "etcd.password",
                        "The password of etcd's user " + user.name()
                                + " is empty or has blanks or control characters in it,"
                                + " which etcdctl does not take",
                        "Keep another one in the secret store as etcd."
                                + (user.name().equals("root") ? "root" : "patroni") + "."))
                .toList();
    }

    private static Stream<EtcdUser> users(PlanContext context) {
        return Stream.of(EtcdUser.root(context.secrets()), EtcdUser.patroni(context.config(), context.secrets()));
    }

    static Resource passwords(PlanContext context) {
        return FileResource.at(PASSWORDS)
                .content("# Written by pgha; changes are overwritten. Read by pgha and by root's etcdctl.\n"
                        + "ROOT_PASSWORD="
                        + quote(EtcdUser.root(context.secrets()).password().reveal())
                        + "\nPATRONI_PASSWORD="
                        + quote(EtcdUser.patroni(context.config(), context.secrets())
                                .password()
                                .reveal())
                        + "\n")
                .mode("600")
                .secret()
                .build();
    }

    static CommandResource enabled(ClusterConfig config) {
        return CommandResource.named("etcd:authentication")
                .title("enable authentication, and see every Patroni write with it")
                .guard("(\n[ -r " + PASSWORDS + " ] || { echo '" + ABSENT + "'; exit; }\n" + functions(config) + GUARD
                        + "\n)")
                .bare(ABSENT)
                .script("set -e\n" + functions(config) + ENABLE)
                .limit(proof(config).multipliedBy(2).plusMinutes(1))
                .build();
    }

    static CommandResource disabled(ClusterConfig config) {
        return CommandResource.named("etcd:no-authentication")
                .title("disable authentication, and see every Patroni write without it")
                .guard("if [ -e " + PASSWORDS + " ]; then echo 'it may be enabled'; else echo ok; fi")
                .bare(CommandResource.OK)
                .script("set -e\n" + functions(config) + DISABLE)
                .limit(proof(config).plusMinutes(1))
                .build();
    }

    /** Before a leader that could not write would lose its key. */
    private static Duration proof(ClusterConfig config) {
        return config.patroni().ttl().minus(config.patroni().loopWait());
    }

    private static String functions(ClusterConfig config) {
        String prefix = DcsKeys.prefix(config.patroni().namespace(), config.name());
        String members =
                config.postgresNodes().stream().map(node -> quote(node.name())).collect(Collectors.joining(" "));
        String granted = "[" + prefix + ", " + prefix.substring(0, prefix.length() - 1) + "0) (prefix " + prefix + ")";
        String name = config.name();
        return ". " + PASSWORDS + "\nname=" + quote(name) + " prefix=" + quote(prefix) + " ttl="
                + config.patroni().ttl().toSeconds() + " limit=" + proof(config).toSeconds() + " unproven=" + UNPROVEN
                + "\nwanted="
                + quote("User: " + name + " Role " + name + " KV Read: " + granted + " KV Write: " + granted + " ")
                + "\nmembers() { for member in " + members + "; do echo \"$member\"; done; }\n"
                + EtcdFiles.variables(config) + ShellClock.DEFINITION + FUNCTIONS;
    }

    /** A user is only given where one is needed: etcdctl would complain of a log-in that is not. */
    private static final String FUNCTIONS = """
        anyone() { etcdctl --command-timeout=5s "$@"; }
        root() {
          if [ "$state" = on ]; then ETCDCTL_USER=root ETCDCTL_PASSWORD=$ROOT_PASSWORD etcdctl --command-timeout=5s "$@"
          else anyone "$@"; fi
        }
        look() {
          if answer=$(anyone get health --keys-only 2>&1); then state=off
          else case $answer in *'permission denied'*|*'user name is empty'*) state=on ;; *) state=unknown ;; esac; fi
        }
        fail() { printf '%s\\n' "$*" >&2; exit 1; }
        logs_in() {
          ETCDCTL_USER=$name ETCDCTL_PASSWORD=$PATRONI_PASSWORD \\
            etcdctl --command-timeout=5s get --prefix "$prefix" --limit=1 --keys-only >/dev/null 2>&1
        }
        may() { [ "$(root user get "$name" --detail 2>/dev/null | tr -s '[:space:]' ' ')" = "$wanted" ]; }
        lease() { root get "$1" -w fields | sed -n 's/^"Lease" : //p'; }
        all_there() {
          for member in $(members); do
            [ -n "$(lease "${prefix}members/$member")" ] || { echo "Patroni of $member has no key in etcd"; return 1; }
          done
        }
        all_write() {
          clock; until=$(( clock + limit )) lent=
          for member in $(members); do
            key=${prefix}members/$member
            value=$(root get "$key" --print-value-only)
            if [ -n "$value" ]; then
              id=$(root lease grant "$ttl" | awk '{print $2}')
              [ -n "$id" ] || { echo 'etcd takes no writes'; return 1; }
              printf %s "$value" | root put --lease="$id" "$key" >/dev/null || { echo 'etcd takes no writes'; return 1; }
              lent="$lent $member=$((0x$id))"
            fi
          done
          for each in $lent; do
            member=${each%=*} now=
            while now=$(lease "${prefix}members/$member"); [ -z "$now" ] || [ "$now" = "${each#*=}" ]; do
              clock
              [ $clock -lt $until ] || { echo "Patroni of $member has not written for $limit s"; return 1; }
              sleep 0.5
            done
          done
        }
        """;

    private static final String GUARD = """
        look
        if [ -e "$unproven" ]; then echo 'no Patroni has been seen to write with it'
        elif [ $state = off ]; then echo 'it is disabled'
        elif [ $state = unknown ]; then echo 'etcd does not answer'
        elif ! logs_in; then echo "the user $name cannot log in"
        elif ! may; then echo "the user $name may not read and write $prefix, or more than that"
        else echo ok; fi
        """;

    private static final String ENABLE = """
        look
        [ $state != unknown ] || fail "etcd does not answer: $answer"
        [ $state = off ] || root user get root >/dev/null \\
          || fail 'etcd does not take the password of root that the secret store has as etcd.root'
        account() {
          root user get "$1" >/dev/null 2>&1 || printf '%s\\n' "$2" | root user add "$1" --interactive=false >/dev/null
          printf '%s\\n' "$2" | root user passwd "$1" --interactive=false >/dev/null
        }
        if [ $state = off ]; then account root "$ROOT_PASSWORD"; account "$name" "$PATRONI_PASSWORD"
        elif ! logs_in; then account "$name" "$PATRONI_PASSWORD"; fi
        if ! may; then
          ! root role get "$name" >/dev/null 2>&1 || root role delete "$name" >/dev/null
          for role in $(root user get "$name" | sed -n 's/^Roles: *//p'); do
            root user revoke-role "$name" "$role" >/dev/null
          done
          root role add "$name" >/dev/null
          root role grant-permission "$name" readwrite --prefix=true "$prefix" >/dev/null
          root user grant-role "$name" "$name" >/dev/null
          may || fail "etcd has another idea of what $name may do: $(root user get "$name" --detail)"
        fi
        if [ $state = off ]; then
          why=$(all_there && all_write) || fail "$why; authentication was not enabled"
          mkdir -p "${unproven%/*}"
          : >"$unproven"
          root auth enable >/dev/null
          look
          [ $state = on ] || fail "etcd does not say that authentication is enabled: $answer"
        fi
        if ! why=$(all_there && all_write); then
          root auth disable >/dev/null
          rm -f "$unproven"
          fail "$why with authentication enabled; it was disabled again"
        fi
        rm -f "$unproven"
        """;

    /** The users are deleted when every Patroni has been seen to write, so on the other nodes there is nothing left to see. */
    private static final String DISABLE =
            Script.of("""
                look
                [ $state != on ] || root auth disable >/dev/null
                look
                [ $state = off ] || fail "authentication is not disabled: $answer"
                if root user get root >/dev/null 2>&1; then
                  why=$(all_write) || fail "$why"
                  for each in "$name" root; do
                    ! root user get "$each" >/dev/null 2>&1 || root user delete "$each" >/dev/null
                    ! root role get "$each" >/dev/null 2>&1 || root role delete "$each" >/dev/null
                  done
                fi
                rm -f {{passwords}} "$unproven"
                """).value("passwords", PASSWORDS).render();

    /** Returns what makes a shell's {@code etcdctl} log in as root, and nothing else that is started from that shell. */
    static String shellFunction() {
        return "etcdctl() { ( . " + PASSWORDS
                + "; export ETCDCTL_USER=root ETCDCTL_PASSWORD=\"$ROOT_PASSWORD\"; exec etcdctl \"$@\" ) }\n";
    }
}
