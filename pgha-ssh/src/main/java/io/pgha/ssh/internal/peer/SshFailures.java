package io.pgha.ssh.internal.peer;

import io.pgha.host.HostException;
import io.pgha.host.ShellQuote;
import io.pgha.net.Deadline;
import io.pgha.net.HostPort;
import io.pgha.ssh.SshAuthenticationException;
import io.pgha.ssh.internal.channel.RootShell;
import io.pgha.text.DurationText;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The texts of what can go wrong, in one place. */
public final class SshFailures {
    private static final int LONGEST_QUOTE = 300;

    private SshFailures() {}

    public static HostException unreachable(Peer peer, IOException cause, Duration limit) {
        if (cause instanceof UnknownHostException) {
            return unreachable(
                    peer,
                    "the name " + peer.host() + " of " + peer.place() + " cannot be resolved",
                    "correct it, or give the address: getent hosts " + ShellQuote.quote(peer.host()),
                    cause);
        }
        if (cause instanceof SocketTimeoutException) {
            return noAnswer(peer, limit);
        }
        if (cause instanceof NoRouteToHostException) {
            return unreachable(
                    peer,
                    "there is no way to " + peer.place() + ": " + cause.getMessage(),
                    "check the address and that the machine is up: ip route get " + ShellQuote.quote(peer.host()),
                    cause);
        }
        if (cause instanceof ConnectException) {
            return unreachable(
                    peer,
                    "nothing listens at port " + peer.port() + " of " + peer.role() + peer.host() + ": "
                            + cause.getMessage(),
                    "check that the SSH server runs (systemctl status ssh on the machine) and that the port is right.",
                    cause);
        }
        return unreachable(
                peer,
                "cannot connect to " + peer.place() + ": " + reason(cause),
                "try by hand: ssh " + peer.sshArguments(),
                cause);
    }

    public static HostException noAnswer(Peer peer, Duration limit) {
        return unreachable(
                peer,
                peer.place() + " did not answer within " + DurationText.of(limit),
                "check that the machine is up and that no firewall drops port " + peer.port() + ": "
                        + peer.reaching("nc -vz " + ShellQuote.quote(peer.host()) + " " + peer.port()),
                null);
    }

    /** Tells that a machine is there, and did not let us in in time. */
    public static HostException logInTimeout(Peer peer, String phase, Duration limit) {
        return new HostException(
                peer.problem(
                        "ssh.log-in-timeout",
                        peer.place() + " accepted the connection, but " + phase + " was not done within "
                                + DurationText.of(limit),
                        "look at the machine's load and at its SSH server (journalctl -u ssh); a slow server needs a longer"
                                + " connectTimeout(Duration); by hand: ssh -v " + peer.sshArguments()),
                null);
    }

    /**
     * Tells why there is no handshake.
     *
     * @param greeting what the server said in place of its greeting; mostly nothing
     */
    public static HostException handshake(Peer peer, String greeting, Exception cause) {
        String reason = reason(cause);
        Optional<NoCommonAlgorithm> algorithms = NoCommonAlgorithm.of(reason);
        if (algorithms.isPresent()) {
            return new HostException(
                    peer.problem(
                            "ssh.no-common-algorithm",
                            peer.place() + " has no " + algorithms.get().message(),
                            algorithms.get().remedy()),
                    cause);
        }
        if (greeting.contains("Not allowed at this time")) {
            return new HostException(
                    peer.problem(
                            "ssh.source-penalized",
                            peer.place() + " refuses this machine for a while (\"Not allowed at this time\"): many"
                                    + " connections from here did not log in",
                            "wait (10 minutes at most by default), and find what connects to port " + peer.port()
                                    + " without logging in (a port check, ssh-keyscan, a wrong key): journalctl -u ssh ; or exempt"
                                    + " this machine's address in its sshd_config: PerSourcePenaltyExemptList ADDRESS , then:"
                                    + " systemctl reload ssh"),
                    cause);
        }
        if (greeting.contains("Exceeded MaxStartups")) {
            return new HostException(
                    peer.problem(
                            "ssh.too-many-startups",
                            peer.place() + " has too many log-ins under way (\"Exceeded MaxStartups\")",
                            "try again; where that is common, raise MaxStartups in its sshd_config (10:30:100 by default),"
                                    + " then: systemctl reload ssh"),
                    cause);
        }
        return new HostException(
                peer.problem(
                        "ssh.handshake-failed",
                        peer.place() + " accepted the connection, but the SSH handshake failed: " + reason
                                + (greeting.isEmpty() ? "" : "; it said" + quote(greeting)),
                        "check that an SSH server is at that port ("
                                + peer.reaching("nc " + ShellQuote.quote(peer.host()) + " " + peer.port())
                                + " prints SSH-2.0-…) and that it does not refuse us (MaxStartups, fail2ban, hosts.deny):"
                                + " journalctl -u ssh"),
                cause);
    }

    private static HostException unreachable(Peer peer, String message, String remedy, @Nullable Throwable cause) {
        String code = peer.isJump() ? "ssh.jump-host-unreachable" : "host.unreachable";
        return new HostException(peer.problem(code, message, remedy), cause);
    }

    public static HostException jumpCannotReach(Peer peer, Peer jump, IOException cause) {
        return new HostException(
                peer.problem(
                        "host.unreachable",
                        jump.place() + " cannot reach " + peer.place() + ": " + reason(cause),
                        "check the address as the jump host sees it: ssh " + jump.sshArguments() + " nc -vz "
                                + ShellQuote.quote(peer.host()) + " " + peer.port()),
                cause);
    }

    public static HostException jumpForbids(Peer peer, Peer jump, IOException cause) {
        return new HostException(
                peer.problem(
                        "ssh.jump-host-forbids-forwarding",
                        jump.place() + " does not allow a connection to " + peer.place() + ": " + reason(cause),
                        "set AllowTcpForwarding yes (and a fitting PermitOpen) in its sshd_config for user "
                                + jump.user() + ", then: systemctl reload ssh"),
                cause);
    }

    public static HostException forwardingForbidden(Peer peer, HostPort target, IOException cause) {
        return new HostException(
                peer.problem(
                        HostException.FORWARDING_FORBIDDEN,
                        peer.place() + " forbids tunnels for user " + peer.user() + " (administratively prohibited: "
                                + target + ")",
                        "let its sshd_config allow them, then systemctl reload ssh: AllowTcpForwarding yes (or local), no"
                                + " DisableForwarding, and PermitOpen any or with " + target
                                + " (sshd -T -C user="
                                + peer.user() + " | grep -iE 'forwarding|permitopen' shows what is in force); restrict,"
                                + " no-port-forwarding or permitopen= in the user's authorized_keys forbid them, too."),
                cause);
    }

    /**
     * Tells that nothing stands in for the tunnels that a server forbids.
     *
     * @param said what came in place of the program's words
     * @param status the exit status, -1 for none
     */
    public static HostException relayImpossible(Peer peer, Said said, int status, IOException cause) {
        return new HostException(
                peer.problem(
                        "ssh.relay-impossible",
                        peer.place() + " started no program for user " + peer.user() + " that relays connections"
                                + (status < 0 ? "" : " (exit status " + status + ")") + quote(said.shown()),
                        "let the user run perl (ssh " + peer.sshArguments()
                                + " perl -v ; Debian has it in perl-base), without"
                                + " ForceCommand in its sshd_config or command= in the user's authorized_keys; or allow"
                                + " tunnels, which need no program: AllowTcpForwarding yes (or local), then: systemctl"
                                + " reload ssh"),
                cause);
    }

    public static HostException relaysTaken(Peer peer, int most, Deadline deadline) {
        return new HostException(
                peer.problem(
                        "ssh.relays-taken",
                        most + " connections are relayed on " + peer.place()
                                + ", which forbids tunnels, and none ended within " + DurationText.of(deadline.limit()),
                        "use fewer at once, or allow tunnels, which have no such limit, in its sshd_config:"
                                + " AllowTcpForwarding yes (or local), then: systemctl reload ssh"),
                null);
    }

    public static SshAuthenticationException shellRefused(
            Peer peer, RootShell.Way way, Said said, int status, boolean noPassword) {
        if (way != RootShell.Way.ROOT) {
            return sudoRefused(peer, said, noPassword);
        }
        return LogInFailures.noShell(peer, said, status);
    }

    /** Tells that a script did not arrive whole, and who may have read the rest. */
    public static SshAuthenticationException inputEaten(Peer peer) {
        return new SshAuthenticationException(
                peer.problem(
                        "ssh.input-eaten",
                        "something on " + peer.place() + " read what was meant for the shell of user " + peer.user()
                                + ", so nothing was run: its log-in scripts read standard input",
                        "let ~/.bashrc and the like (of user " + peer.user()
                                + ") do that only for a person: put first in it: case $- in *i*) ;; *) return ;; esac"),
                null);
    }

    /** Tells that sudo lets its shell run nothing else. */
    public static SshAuthenticationException sudoNoExec(Peer peer, Said said) {
        return new SshAuthenticationException(
                peer.problem(
                        "ssh.sudo-noexec",
                        "sudo on " + peer.place() + " lets user " + peer.user()
                                + " become root, but a shell then may start no program (NOEXEC in its sudoers)"
                                + quote(said.shown()),
                        "take NOEXEC: and Defaults noexec away for this user (visudo ; sudo -l -U " + peer.user()
                                + " shows them), or allow with EXEC: (visudo -f /etc/sudoers.d/pgha): " + peer.user()
                                + " ALL=(root) NOPASSWD: EXEC: ALL"),
                null);
    }

    public static SshAuthenticationException sudoMissing(Peer peer) {
        return new SshAuthenticationException(
                peer.problem(
                        "ssh.sudo-missing",
                        "user " + peer.user() + " of " + peer.place() + " is not root, and there is no sudo",
                        "install it there as root (apt-get install sudo) and allow " + peer.user()
                                + " to use it, or log in as root."),
                null);
    }

    /** Tells from sudo's words (in the C locale) which way it refused. */
    public static SshAuthenticationException sudoRefused(Peer peer, Said said, boolean noPassword) {
        String who = "sudo on " + peer.place();
        if (said.contains(RootShell.NOTHING_STARTS)) {
            return sudoNoExec(peer, said);
        }
        if (said.contains("not in the sudoers") || said.contains("not allowed") || said.contains("may not run")) {
            return sudo(peer, "ssh.sudo-denied", who + " does not let user " + peer.user() + " become root", said);
        }
        if (said.contains("incorrect password") || said.contains("try again")) {
            return new SshAuthenticationException(
                    peer.problem(
                            "ssh.sudo-password-wrong",
                            who + " does not take the password of user " + peer.user() + quote(said.shown()),
                            "give the right one: sudoPassword(Secret.of(…)); by hand: ssh -t " + peer.sshArguments()
                                    + " sudo -k true"),
                    null);
        }
        if (!noPassword && said.contains("no password was provided")) {
            return inputEaten(peer);
        }
        if (noPassword && said.contains("password is required")) {
            return new SshAuthenticationException(
                    peer.problem(
                            "ssh.sudo-password-required",
                            who + " asks user " + peer.user() + " for a password, and none is given",
                            "give it: sudoPassword(Secret.of(…)); or let sudo do without (visudo -f /etc/sudoers.d/pgha): "
                                    + peer.user() + " ALL=(root) NOPASSWD: ALL"),
                    null);
        }
        return sudo(peer, "ssh.sudo-denied", who + " refuses user " + peer.user(), said);
    }

    private static SshAuthenticationException sudo(Peer peer, String code, String message, Said said) {
        return new SshAuthenticationException(
                peer.problem(
                        code,
                        message + quote(said.shown()),
                        "allow it as root (visudo -f /etc/sudoers.d/pgha): " + peer.user()
                                + " ALL=(root) NOPASSWD: ALL ; and no requiretty; by hand: ssh " + peer.sshArguments()
                                + " sudo -n true"),
                null);
    }

    public static HostException connectionLost(Peer peer, String why, Throwable cause) {
        return new HostException(
                peer.problem(
                        HostException.CONNECTION_LOST,
                        "the connection to " + peer.place() + " broke while a command ran, whose outcome is unknown: "
                                + (why.isEmpty() ? reason(cause) : why),
                        "check that the machine is up (ssh " + peer.sshArguments()
                                + " uptime), then run or plan again: the next command opens a new connection."),
                cause);
    }

    /** Tells that a command's channel was closed while the connection lives. */
    public static HostException channelClosed(Peer peer, Throwable cause) {
        return new HostException(
                peer.problem(
                        "ssh.channel-closed",
                        "the SSH server on " + peer.place()
                                + " closed the channel of a command that had not ended, whose"
                                + " outcome is unknown; the connection is well",
                        "let commands be silent for as long as they like: no ChannelTimeout for session in its sshd_config"
                                + " (sshd -T -C user=" + peer.user()
                                + " | grep -i channeltimeout shows what is in force), then:"
                                + " systemctl reload ssh ; what else may have closed it: journalctl -u ssh"),
                cause);
    }

    /** Tells that new connections end when the first session is opened on them. */
    public static HostException closedAtOnce(Peer peer, HostException cause) {
        return new HostException(
                peer.problem(
                        "ssh.session-refused",
                        peer.place() + " let user " + peer.user()
                                + " in, but closed the connection, and a second one, when a"
                                + " command was to be started; nothing was run",
                        "look why: journalctl -u ssh ; for root, PermitRootLogin forced-commands-only in its sshd_config does"
                                + " that: set PermitRootLogin prohibit-password, then: systemctl reload ssh"),
                cause);
    }

    public static HostException sessionRefused(Peer peer, IOException cause) {
        return new HostException(
                peer.problem(
                        "ssh.session-refused",
                        peer.place() + " let us in, but " + reason(cause),
                        "raise MaxSessions in its sshd_config (10 by default, at least 2 are needed), then: systemctl reload"
                                + " ssh"),
                cause);
    }

    public static HostException timeout(Peer peer, Deadline deadline, boolean exited) {
        return exited
                ? new HostException(
                        peer.problem(
                                "host.timeout",
                                "the command on " + peer.place()
                                        + " ended, but something it started held its output open" + " for the whole "
                                        + DurationText.of(deadline.limit()),
                                "let what runs on in the background have its own output: … >/dev/null 2>&1 </dev/null &"),
                        null)
                : new HostException(
                        peer.problem(
                                "host.timeout",
                                "the command on " + peer.place() + " did not end within "
                                        + DurationText.of(deadline.limit()) + "; it may still be running there",
                                "look what it does (ssh " + peer.sshArguments()
                                        + " ps -ef --forest); give a slow one more time: Command.builder().timeout(…)."),
                        null);
    }

    public static HostException laneTimeout(Peer peer, Deadline deadline) {
        return new HostException(
                peer.problem(
                        "host.timeout",
                        "the command for " + peer.place()
                                + " was not started: another one was running there for the whole "
                                + DurationText.of(deadline.limit()),
                        "wait for the other, or give this one more time: Command.builder().timeout(…)."),
                null);
    }

    public static HostException outputTooLarge(Peer peer) {
        return new HostException(
                peer.problem(
                        "host.output-too-large",
                        "the command on " + peer.place() + " printed more than 64 MiB",
                        "let the script print less, for example with: … | tail -n 1000"),
                null);
    }

    static String reason(Throwable cause) {
        String message = cause.getMessage();
        return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
    }

    /**
     * Returns the beginning of what a server said, which must hold no secrets: those of {@link Peer#covered} or
     * {@link Said}.
     */
    static String quote(String said) {
        if (said.isEmpty()) {
            return "";
        }
        String line = said.replaceAll("\\s*[\\r\\n]+\\s*", " / ");
        return ": " + (line.length() > LONGEST_QUOTE ? line.substring(0, LONGEST_QUOTE) + "…" : line);
    }
}
