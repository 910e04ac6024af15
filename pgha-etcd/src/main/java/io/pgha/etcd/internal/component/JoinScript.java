package io.pgha.etcd.internal.component;

import static io.pgha.host.ShellQuote.quote;

import io.pgha.etcd.internal.EtcdLayout;
import io.pgha.host.Script;
import io.pgha.host.ShellClock;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.etcd.EtcdAuthentication;
import java.time.Duration;

/**
 * Renders the first start of a member that has no data. {@link EtcdRolling}, which sees all members, says beforehand
 * whether a new cluster is founded; the founders do not ask each other, for one that has no quorum yet lets every
 * question wait. Otherwise this member joins the cluster of another that knows a leader. Whatever a run that was cut
 * short has left, the decision is made afresh. Stateless; no I/O.
 */
final class JoinScript {
    static final Duration LIMIT = Duration.ofMinutes(3);

    /** Tells the member that it is a founder. */
    static final String FOUND = "mkdir -p /run/pgha; : >/run/pgha/etcd-founder";

    /** Tells the member that it is none. */
    static final String JOIN = "rm -f /run/pgha/etcd-founder";

    private JoinScript() {}

    static String guard(ClusterConfig config) {
        return "if [ -d " + quote(EtcdLayout.writeAheadLog(config))
                + " ]; then echo ok; else echo 'it has no data yet'; fi";
    }

    static String render(ClusterConfig config, Node node) {
        StringBuilder script = new StringBuilder("set -e\n" + ShellClock.DEFINITION + "live=\n");
        script.append("name=").append(quote(node.name()));
        script.append(" url=").append(quote(EtcdLayout.peerUrl(config, node)));
        script.append(" wal=").append(quote(EtcdLayout.writeAheadLog(config)));
        script.append(" founders=")
                .append(quote(EtcdLayout.initialCluster(config)))
                .append('\n');
        script.append("if [ ! -e /run/pgha/etcd-founder ]; then\n:\n");
        for (Node other : config.etcdNodes()) {
            if (!other.equals(node)) {
                script.append("[ -n \"$live\" ] || ! ")
                        .append(EtcdLayout.request("GET /metrics", config, other)
                                .build()
                                .render())
                        .append(" | grep -q '^etcd_server_has_leader 1' || live=")
                        .append(quote(EtcdLayout.clientUrl(config, other)))
                        .append('\n');
            }
        }
        script.append("fi\n").append(JOIN).append('\n');
        boolean authenticated = config.etcd().authentication() == EtcdAuthentication.ENABLED;
        return script.append(Script.of(DECIDE_AND_START)
                        .part("login", authenticated ? LOGIN : "")
                        .value("trust", EtcdLayout.TRUST)
                        .value("certificate", EtcdLayout.CERTIFICATE)
                        .value("key", EtcdLayout.KEY)
                        .value("firstStart", EtcdLayout.FIRST_START)
                        .render())
                .toString();
    }

    /** A list of members is for everybody to read; to change it takes root. */
    private static final String LOGIN =
            ". " + Authentication.PASSWORDS + "\n    ETCDCTL_USER=root ETCDCTL_PASSWORD=$ROOT_PASSWORD ";

    /**
     * A member of our address that once published client URLs has lost its data: it must come back as a new member, for
     * an old one that forgot its votes could break the log. The list of founders fills in the names of members that
     * have not started yet. etcd takes no member before its voters have been connected for five seconds, which a busy
     * machine can put off for long: it is asked until then, and only the last answer is told. A unit that failed before
     * is started afresh; the pending marker is settled by this start.
     */
    private static final String DECIDE_AND_START = """
        state=new members=$founders
        if [ -n "$live" ]; then
          ctl() {
            {{login}}ETCDCTL_API=3 etcdctl --endpoints="$live" --cacert={{trust}} --cert={{certificate}} --key={{key}} \\
              --command-timeout=10s "$@"
          }
          me=$(ctl member list | awk -F', ' -v url="$url" '$4 == url { print $1, ($5 == "" ? "waiting" : "known") }')
          case $me in *known) ctl member remove "${me%% *}"; me= ;; esac
          if [ -z "$me" ]; then
            clock; until=$(( clock + 90 ))
            until answer=$(ctl member add "$name" --peer-urls="$url" 2>&1); do
              clock
              if [ $clock -ge $until ]; then echo "$answer"; exit 1; fi
              sleep 0.5
            done
          fi
          state=existing
          members=$(ctl member list | awk -F', ' -v founders="$founders" -v url="$url" -v name="$name" '
            BEGIN { n = split(founders, f, ","); for (i = 1; i <= n; i++) { c = index(f[i], "="); of[substr(f[i], c + 1)] = substr(f[i], 1, c - 1) } }
            { m = $4 == url ? name : ($3 == "" ? of[$4] : $3); printf "%s%s=%s", (NR > 1 ? "," : ""), m, $4 }')
        fi
        umask 022
        printf 'ETCD_INITIAL_CLUSTER_STATE=%s\\nETCD_INITIAL_CLUSTER="%s"\\n' "$state" "$members" >{{firstStart}}.new
        mv -f {{firstStart}}.new {{firstStart}}
        systemctl daemon-reload
        systemctl --quiet enable etcd
        rm -f /var/lib/pgha/pending/etcd
        systemctl restart --no-block etcd
        clock; until=$(( clock + 45 ))
        while [ ! -d "$wal" ]; do
          clock
          if [ $clock -ge $until ]; then
            echo "etcd does not start as a member ($state: $members). Its journal ends with:"
            journalctl -u etcd -n 20 --no-pager -o cat
            exit 1
          fi
          sleep 0.1
        done
        """;
}
