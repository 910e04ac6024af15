package io.pgha.ssh.internal.peer;

import io.pgha.host.ShellQuote;
import io.pgha.ssh.SshAuthenticationException;
import java.util.List;
import java.util.Optional;
import net.schmizz.sshj.common.DisconnectReason;
import net.schmizz.sshj.common.SSHException;
import org.jspecify.annotations.Nullable;

/** The texts of what can go wrong between the handshake and the first command. */
public final class LogInFailures {
    /** A server's answer to a password that it takes but wants changed (RFC 4252), as sshj names it. */
    private static final String CHANGE_PASSWORD = "USERAUTH_60";

    private LogInFailures() {}

    /**
     * Tells why nobody was let in.
     *
     * @param tried what was offered, in words
     * @param takes the methods that the server takes
     * @param banner what the server said to the user meanwhile, or nothing
     * @param broken what ended the log-in, where the server did not merely refuse everything
     */
    public static SshAuthenticationException of(
            Peer peer, List<String> tried, List<String> takes, String banner, Optional<Exception> broken) {
        String offered = "; tried " + String.join(", ", tried)
                + (takes.isEmpty() ? "" : "; the server takes " + String.join(", ", takes));
        String said = banner.isEmpty() ? "" : "; it says" + SshFailures.quote(peer.covered(banner));
        if (broken.isEmpty()) {
            return refused(peer, offered + said, null);
        }
        Exception cause = broken.get();
        String reason = peer.covered(SshFailures.reason(cause));
        if (reason.contains("Too many authentication failures")) {
            return failure(
                    peer,
                    "ssh.authentication-failed",
                    peer.place() + " does not let user " + peer.user()
                            + " in: too many authentication failures; offered " + tried.size() + ": "
                            + String.join(", ", tried) + said,
                    "give the one key that is let in alone or first, or raise MaxAuthTries in its sshd_config above "
                            + peer.credentials().size() + ", then: systemctl reload ssh",
                    cause);
        }
        if (reason.contains(CHANGE_PASSWORD)) {
            return passwordExpired(peer, peer.covered(banner));
        }
        if (saidByServer(cause)) {
            return refused(peer, offered + said + ": " + reason, cause);
        }
        return failure(
                peer,
                "ssh.log-in-ended",
                peer.place() + " ended the log-in of user " + peer.user() + " without a reason (" + reason + ")"
                        + offered + said,
                "look why: journalctl -u ssh ; the account may have expired (chage -l " + user(peer)
                        + " ; to let it in again: chage -E -1 " + user(peer)
                        + "), or PAM refuses it (/etc/nologin, /etc/security/access.conf, /etc/pam.d/sshd).",
                cause);
    }

    /** Returns whether the server itself gave the reason. */
    private static boolean saidByServer(Exception e) {
        return e instanceof SSHException ssh && ssh.getDisconnectReason() != DisconnectReason.UNKNOWN;
    }

    private static SshAuthenticationException refused(Peer peer, String details, @Nullable Exception cause) {
        return failure(
                peer,
                "ssh.authentication-failed",
                peer.place() + " does not let user " + peer.user() + " in" + details,
                "check the user's name; for a key: ssh-copy-id -i KEY.pub " + peer.copyIdArguments()
                        + " ; for a password: PasswordAuthentication in the server's sshd_config; a user whom AllowUsers or"
                        + " DenyUsers keeps out, or whose account is locked or has expired (passwd -S " + user(peer)
                        + " ; chage -l " + user(peer) + "), is refused alike; why it refuses: journalctl -u ssh",
                cause);
    }

    /**
     * Tells why there is no shell.
     *
     * @param said what came instead of the shell's sign
     * @param status the exit status
     */
    static SshAuthenticationException noShell(Peer peer, Said said, int status) {
        if (said.contains("password has expired") || said.contains("Password change required")) {
            return passwordExpired(peer, said.shown());
        }
        return failure(
                peer,
                "ssh.shell-refused",
                peer.place() + " started no shell for user " + peer.user() + " (exit status " + status + ")"
                        + SshFailures.quote(said.shown()),
                "give the user a shell (usermod -s /bin/sh " + user(peer)
                        + ") and remove a ForceCommand or command= that is in the way; by hand: ssh "
                        + peer.sshArguments() + " sh -c true",
                null);
    }

    private static SshAuthenticationException passwordExpired(Peer peer, String said) {
        return failure(
                peer,
                "ssh.password-expired",
                "the password of user " + peer.user() + " on " + peer.place()
                        + " has expired, so that nothing is run for that user" + SshFailures.quote(said),
                "give it a new one by hand: ssh -t " + peer.sshArguments() + " ; or as root there: passwd " + user(peer)
                        + " ; or let it not expire: chage -M -1 -d \"$(date +%F)\" " + user(peer),
                null);
    }

    private static String user(Peer peer) {
        return ShellQuote.quote(peer.user());
    }

    private static SshAuthenticationException failure(
            Peer peer, String code, String message, String remedy, @Nullable Exception cause) {
        return new SshAuthenticationException(peer.problem(code, message, remedy), cause);
    }
}
