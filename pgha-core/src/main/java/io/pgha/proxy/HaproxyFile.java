package io.pgha.proxy;

import io.pgha.PgHaException;
import io.pgha.Problem;
import io.pgha.host.Script;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.Vip;
import io.pgha.model.patroni.SynchronousMode;
import io.pgha.model.proxy.HaproxyConfig;
import io.pgha.secret.Secret;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** Renders {@code /etc/haproxy/haproxy.cfg}, the same on every HAProxy node; good for HAProxy 2.4 and later. */
final class HaproxyFile {
    static final String PATH = "/etc/haproxy/haproxy.cfg";
    static final String CA = "/etc/haproxy/ca.crt";
    static final String STATS_SECRET = "haproxy.stats";

    /** Client and server socket, and what listeners, checks, logs and the master use. */
    private static final int FILES_BESIDE_SESSIONS = 1000;

    /** A host that vanished is given up after this, with three probes of a silent connection before, a second apart. */
    private static final Duration LEAST_PATIENCE = Duration.ofSeconds(8);

    private static final Duration MOST_PATIENCE = Duration.ofMinutes(10);
    private static final int PROBES = 3;

    private final ClusterConfig config;
    private final HaproxyConfig settings;

    HaproxyFile(ClusterConfig config) {
        this.config = config;
        this.settings = config.haproxy();
    }

    int openFiles() {
        return 2 * settings.maxConnections() + FILES_BESIDE_SESSIONS;
    }

    String render(Secret statsPassword) {
        StringBuilder file = new StringBuilder("# Written by pgha.\n");
        file.append(global()).append('\n').append(defaults()).append('\n').append(stats(statsPassword));
        file.append('\n')
                .append(listener(
                        "read_write",
                        settings.readWritePort(),
                        "/primary",
                        Script.file("""
                                # The leader serves alone. It is looked for more often than the rest is watched: clients wait for it.
                                default-server downinter {{fast}}
                                # A server that refuses is no leader any more. HAProxy would hold the client for a second a try; the client's
                                # own next try finds the new leader sooner.
                                retries 0
                            """, HaproxyFile::quote)
                                .value("fast", time(settings.fastCheckInterval()))
                                .render()));
        file.append('\n').append(listener("read_only", settings.readOnlyPort(), "/replica", """
                # Without any replica, reads go to the leader; sessions stay there until they end.
                balance leastconn
                use_backend read_write if { nbsrv(read_only) eq 0 }
            """));
        String sync = config.patroni().synchronousMode() == SynchronousMode.QUORUM ? "/quorum" : "/sync";
        file.append('\n').append(listener("sync", settings.syncPort(), sync, "    balance leastconn\n"));
        file.append('\n').append(listener("async", settings.asyncPort(), "/async", "    balance leastconn\n"));
        return file.toString();
    }

    /**
     * A worker that a reload replaced no longer checks its servers: a leader that is frozen, but whose kernel answers,
     * is noticed by nobody there, so that its sessions must not live on without end; not sooner than a silent one may,
     * for a long transaction may be healthy. At start all servers count as up until their first check: that must not be
     * spread over a second.
     */
    private String global() {
        return Script.file("""
            global
                log /dev/log local0
                user haproxy
                group haproxy
                chroot /var/lib/haproxy
                maxconn {{maxconn}}
                stats socket /run/haproxy/admin.sock mode 660 level admin expose-fd listeners
                hard-stop-after {{idle}}
                max-spread-checks 100
            """, HaproxyFile::quote)
                .value("maxconn", settings.maxConnections())
                .value("idle", time(settings.idleTimeout()))
                .render();
    }

    private String defaults() {
        return Script.file("""
            defaults
                mode tcp
                log global
                option tcplog
                option dontlognull
                option log-health-checks
                option redispatch 1
                retries 2
                timeout queue 5s
                timeout connect {{connect}}
                timeout check {{check}}
                timeout client {{idle}}
                timeout server {{idle}}
                # A client that vanished without a word is noticed after a minute and a half.
                option clitcpka
                clitcpka-idle 60s
                clitcpka-intvl 10s
                clitcpka-cnt 3
                # A server is after {{patience}}, by the kernel alone: sessions that live through a reload belong to a worker that
                # checks no server any more. With data under way the probes rest, and tcp-ut of the server lines counts.
                option srvtcpka
                srvtcpka-idle {{silence}}
                srvtcpka-intvl 1s
                srvtcpka-cnt {{probes}}
                default-server inter {{interval}} fastinter {{fast}} fall {{fall}} rise {{rise}} on-marked-down shutdown-sessions
                default-server port {{rest}} check-ssl verify required ca-file {{ca}}
            """, HaproxyFile::quote)
                .value("connect", time(settings.connectTimeout()))
                .value("check", time(settings.checkTimeout()))
                .value("idle", time(settings.idleTimeout()))
                .value("interval", time(settings.checkInterval()))
                .value("fast", time(settings.fastCheckInterval()))
                .value("fall", settings.fall())
                .value("rise", settings.rise())
                .value("rest", config.patroni().restPort())
                .value("ca", CA)
                .value("patience", time(patience()))
                .value("silence", time(patience().minusSeconds(PROBES)))
                .value("probes", PROBES)
                .render();
    }

    /** Never less than the health checks have: what they would bear ends no session. */
    private Duration patience() {
        Duration checks = settings.checkInterval().multipliedBy(1L + settings.fall());
        Duration whole = Duration.ofSeconds(checks.plusMillis(999).toSeconds());
        Duration most = whole.compareTo(MOST_PATIENCE) < 0 ? whole : MOST_PATIENCE;
        return most.compareTo(LEAST_PATIENCE) > 0 ? most : LEAST_PATIENCE;
    }

    /** What a reload does to sessions, for the plan. */
    String reloadEffect() {
        return "open sessions stay with the worker that is replaced, which checks no server, for at most "
                + time(settings.idleTimeout());
    }

    /**
     * A leader that is one too many is no leader: right after a start, and in a split, that is what the checks have
     * found.
     */
    private String stats(Secret password) {
        return "listen stats\n    bind " + bind(settings.statsPort()) + "\n" + """
                    mode http
                    option httplog
                    timeout client 30s
                    timeout server 30s
                    # Answers 200 while exactly one leader is known, 503 otherwise; the only page without a password.
                    monitor-uri /health
                    monitor fail if !{ nbsrv(read_write) eq 1 }
                    stats enable
                    stats uri /
                    stats hide-version
                    stats refresh 5s
                    stats realm pgha
                """ + "    stats auth "
                + quote(settings.statsUser() + ":" + password.reveal()) + "\n";
    }

    private String listener(String name, int port, String check, String more) {
        StringBuilder section = new StringBuilder("listen " + name + "\n    bind " + bind(port) + "\n" + more);
        section.append("    option httpchk OPTIONS ").append(check).append('\n');
        section.append("    http-check expect status 200\n");
        for (Node node : config.postgresNodes()) {
            section.append("    server ")
                    .append(quote(node.name()))
                    .append(' ')
                    .append(quote(node.hostPort(config.postgres().port())))
                    .append(" check verifyhost ")
                    .append(quote(node.name()))
                    // HAProxy takes tcp-ut in default-server, too, and forgets it there.
                    .append(" tcp-ut ")
                    .append(time(patience()))
                    .append('\n');
        }
        return section.toString();
    }

    /** Both families only where the cluster has both or only IPv6: a kernel without IPv6 refuses the other form. */
    private String bind(int port) {
        boolean v6 = Stream.concat(
                        config.topology().nodes().stream().map(Node::address),
                        config.topology().vips().stream().map(Vip::address))
                .anyMatch(Addresses::v6);
        return v6 ? ":::" + port + " v4v6" : "*:" + port;
    }

    private static String time(Duration duration) {
        long millis = duration.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }

    /** Says why HAProxy's file cannot hold a password. */
    static Optional<Problem> defect(Secret password) {
        return password.reveal().isEmpty() || hasControl(password.reveal())
                ? Optional.of(Problem.of(
                        "config.haproxy-stats-password",
                        "The password of HAProxy's statistics is empty or has control characters",
                        "Replace the secret " + STATS_SECRET + " by printable characters in one line."))
                : Optional.empty();
    }

    private static boolean hasControl(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }

    /** One word of HAProxy's language, where single quotes keep everything but themselves. */
    static String quote(String word) {
        if (hasControl(word)) {
            throw new PgHaException(Problem.of(
                    "config.haproxy",
                    "A value for HAProxy's configuration has control characters",
                    "Use printable characters in one line."));
        }
        boolean plain = !word.isEmpty() && word.matches("[A-Za-z0-9_.:/@%+,=\\[\\]-]+");
        return plain ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
