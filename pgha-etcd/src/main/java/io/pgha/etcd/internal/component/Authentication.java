package io.pgha.etcd.internal.component;

import static io.pgha.host.ShellQuote.quote;

import io.pgha.Problem;
import io.pgha.etcd.EtcdClientOptions;
import io.pgha.etcd.internal.auth.Callers;
import io.pgha.etcd.internal.auth.Disabling;
import io.pgha.etcd.internal.auth.Enabling;
import io.pgha.etcd.internal.auth.Unproven;
import io.pgha.etcd.internal.dcs.DcsKeys;
import io.pgha.etcd.internal.rpc.ClusterAccess;
import io.pgha.etcd.internal.rpc.Login;
import io.pgha.etcd.internal.rpc.Session;
import io.pgha.host.Command;
import io.pgha.host.CommandResult;
import io.pgha.host.Script;
import io.pgha.model.ClusterConfig;
import io.pgha.port.EtcdUser;
import io.pgha.port.Pki;
import io.pgha.resource.CommandResource;
import io.pgha.resource.FileResource;
import io.pgha.spi.PlanContext;
import io.pgha.spi.Resource;
import io.pgha.spi.WorkContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Declares whether etcd asks for users and passwords. It does last of all, when every Patroni has been seen to have
 * read its password, and it no longer does before anything else; either is {@link Enabling} and {@link Disabling}.
 * Stateless; no I/O.
 */
final class Authentication {
    /** The passwords, for root on the hosts; where it exists, authentication may be enabled. */
    static final String PASSWORDS = "/etc/etcd/passwords";

    private static final String ABSENT = "there are no users yet";
    private static final String SILENT = "etcd does not answer";

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

    /** Of the cluster: a member that does not answer, or is not yet one, does not keep the others from telling. */
    static Resource enabled(PlanContext context) {
        ClusterConfig config = context.config();
        Pki pki = context.pki();
        EtcdUser root = EtcdUser.root(context.secrets());
        EtcdUser patroni = EtcdUser.patroni(config, context.secrets());
        return new GuardedWork(
                "etcd:authentication",
                "enable authentication, and see every Patroni write with it",
                guard(config),
                ABSENT,
                Set.of(ABSENT, SILENT),
                work -> {
                    try (Callers etcd = callers(work, pki, Login.as(Optional.of(root)))) {
                        new Enabling(etcd, work.config(), root, patroni, proof(work.config())).run();
                    }
                });
    }

    /**
     * Of each node: the first one's turn does what is the cluster's, and any later one finds it done, or does it where
     * an earlier run was cut short. A node keeps its passwords until it has made sure that nobody needs them.
     */
    static Resource disabled(PlanContext context) {
        Pki pki = context.pki();
        Login root =
                Login.asRoot(context.secrets()); // whoever never had authentication gets no password by declaring this
        return new GuardedWork(
                "etcd:no-authentication",
                "disable authentication, and see every Patroni write without it",
                "if [ -e " + PASSWORDS + " ]; then echo 'it may be enabled'; else echo ok; fi",
                CommandResource.OK,
                Set.of(),
                work -> {
                    try (Callers etcd = callers(work, pki, root)) {
                        new Disabling(etcd, work.config(), proof(work.config())).run();
                    }
                    forget(work);
                });
    }

    private static Callers callers(WorkContext work, Pki pki, Login root) {
        EtcdClientOptions options = ClusterAccess.options(work.config(), Optional.of(pki), work.route())
                .build();
        return new Callers(work, root, login -> new Session(options, login, () -> {}));
    }

    private static void forget(WorkContext work) throws InterruptedException {
        CommandResult removal = work.run(work.node(), Command.sh("rm -f " + PASSWORDS));
        if (!removal.succeeded()) {
            throw work.failed(
                    "could not remove " + PASSWORDS + ": " + removal.stderr().strip());
        }
    }

    /** Before a leader that could not write would lose its key. */
    private static Duration proof(ClusterConfig config) {
        return config.patroni().ttl().minus(config.patroni().loopWait());
    }

    /** Asks this node's own member, which serves this only with a quorum. */
    private static String guard(ClusterConfig config) {
        String prefix = DcsKeys.prefix(config.patroni().namespace(), config.name());
        String granted = "[" + prefix + ", " + prefix.substring(0, prefix.length() - 1) + "0) (prefix " + prefix + ")";
        String name = config.name();
        return Script.of(GUARD)
                .value("passwords", PASSWORDS)
                .value("absent", ABSENT)
                .part(
                        "variables",
                        EtcdFiles.variables("https://127.0.0.1:" + config.etcd().clientPort()))
                .value("name", name)
                .value("prefix", prefix)
                .value("unproven", Unproven.key(name))
                .value(
                        "wanted",
                        "User: " + name + " Role " + name + " KV Read: " + granted + " KV Write: " + granted + " ")
                .value("silent", SILENT)
                .render();
    }

    /** A user is only given where one is needed: etcdctl would complain of a log-in that is not. */
    private static final String GUARD = """
        (
        [ -r {{passwords}} ] || { echo {{absent}}; exit; }
        . {{passwords}}
        {{variables}}name={{name}} prefix={{prefix}}
        wanted={{wanted}}
        anyone() { etcdctl --command-timeout=5s "$@"; }
        as() { ETCDCTL_USER=$1 ETCDCTL_PASSWORD=$2; export ETCDCTL_USER ETCDCTL_PASSWORD; shift 2; anyone "$@"; }
        root() ( as root "$ROOT_PASSWORD" "$@" )
        logs_in() ( as "$name" "$PATRONI_PASSWORD" get --prefix "$prefix" --limit=1 --keys-only >/dev/null 2>&1 )
        may() { [ "$(root user get "$name" --detail 2>/dev/null | tr -s '[:space:]' ' ')" = "$wanted" ]; }
        if answer=$(anyone get health --keys-only 2>&1); then echo 'it is disabled'; exit; fi
        case $answer in
          *'permission denied'*|*'user name is empty'*) ;;
          *) echo {{silent}}; exit ;;
        esac
        if [ -n "$(root get {{unproven}} --keys-only 2>/dev/null)" ]; then
          echo 'no Patroni has been seen to write with it'
        elif ! logs_in; then echo "the user $name cannot log in"
        elif ! may; then echo "the user $name may not read and write $prefix, or more than that"
        else echo ok; fi
        )
        """;

    /**
     * Returns what makes a shell's {@code etcdctl} log in as root, and nothing else that is started from that shell.
     */
    static String shellFunction() {
        return "etcdctl() { ( . " + PASSWORDS
                + "; export ETCDCTL_USER=root ETCDCTL_PASSWORD=\"$ROOT_PASSWORD\"; exec etcdctl \"$@\" ) }\n";
    }
}
