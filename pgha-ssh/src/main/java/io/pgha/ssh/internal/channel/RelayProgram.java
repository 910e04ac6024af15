package io.pgha.ssh.internal.channel;

import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The program that stands in for a tunnel where the server forbids those: it connects to one address, and copies
 * between that and its own input and output until both ways have ended. It needs what every Debian has: Perl's base.
 *
 * <p>Like {@link RootShell}'s text it is read by a log-in shell of any kind: one line in single quotes that has neither
 * a quote nor an exclamation mark, hence {@code chr 33} in place of the name of Perl's last error.
 */
final class RelayProgram {
    /**
     * Both ways have a buffer of their own and nothing blocks but {@code select}: else two sides that both send before
     * they read would wait for each other.
     *
     * <ul>
     *   <li>On standard output comes the mark when it is connected, and on standard error when it cannot be, with the
     *       reason.
     *   <li>Standard output, a pipe of sshd's, is watched as if to be read: it is readable when nobody reads it any
     *       more. That is how it learns that the channel was closed; it hands on what had come before that, for ten
     *       seconds at most. The end of its input says only that no more is sent.
     *   <li>Standard error is closed early: the server tells of the end of one output when both have ended.
     *   <li>What a far side that has hung up takes no more is dropped, and what it had sent before that is still handed
     *       on.
     * </ul>
     */
    private static final String TEXT = """
            no strict; use Socket; use Fcntl; use Errno qw(EAGAIN EINTR EINPROGRESS);
            *E = *{chr 33}; $SIG{PIPE} = "IGNORE"; $mark = chr(30) . "pgha" . chr(30); $most = 262144;
            ($host, $port) = @ARGV; $0 = "pgha relay to $host $port";
            $sends = $gets = $prints = 1; $up = $down = "";
            sub instantly { fcntl($_[0], F_SETFL, O_NONBLOCK | fcntl($_[0], F_GETFL, 0)) }
            sub watch { vec($r, 1, 1) = 1 if $prints and -p STDOUT }
            sub later { $E == EAGAIN or $E == EINTR }
            ($why, @all) = Socket::getaddrinfo($host, $port, {socktype => SOCK_STREAM});
            for (@all) {
              $why = "no socket"; socket(S, $_->{family}, SOCK_STREAM, $_->{protocol}) or next;
              instantly(*S); connect(S, $_->{addr}) and $there = 1, last;
              if ($E == EINPROGRESS) {
                $r = $w = ""; watch(); vec($w, fileno S, 1) = 1; select($r, $w, undef, undef);
                vec($r, 1, 1) and exit 1;
                $E = unpack "i", getsockopt(S, SOL_SOCKET, SO_ERROR); $E == 0 and $there = 1, last;
              }
              $why = "$E";
            }
            unless ($there) { print STDERR $mark, $why; exit 1 }
            setsockopt(S, Socket::IPPROTO_TCP, Socket::TCP_NODELAY, 1); $s = fileno S;
            syswrite STDOUT, $mark; close STDERR; instantly(*STDOUT);
            while ($gets or $sends or length $up or $prints) {
              $r = $w = ""; watch();
              vec($r, 0, 1) = 1 if $sends and length $up < $most;
              vec($r, $s, 1) = 1 if $gets and length $down < $most;
              vec($w, $s, 1) = 1 if length $up;
              vec($w, 1, 1) = 1 if length $down;
              select($r, $w, undef, undef) > 0 or next;
              if (vec($r, 1, 1)) { $prints = $gets = 0; $down = ""; alarm 10; next }
              if (vec($r, 0, 1)) {
                $n = sysread STDIN, $up, 65536, length $up;
                defined $n ? $n || ($sends = 0) : later() || exit 1;
                $sends or length $up or shutdown S, 1;
              }
              if (vec($r, $s, 1)) {
                $n = sysread S, $down, 65536, length $down;
                defined $n ? $n || ($gets = 0) : later() || ($gets = $sends = 0, $up = "");
              }
              if (vec($w, $s, 1) and length $up) {
                $n = syswrite S, $up;
                defined $n ? substr($up, 0, $n, "") : later() || ($sends = 0, $up = "");
                $sends or length $up or shutdown S, 1;
              }
              if (vec($w, 1, 1)) {
                $n = syswrite STDOUT, $down;
                defined $n ? substr($down, 0, $n, "") : later() || exit 1;
              }
              if ($prints and not $gets and $down eq "") { close STDOUT; $prints = 0 }
            }
            """;

    private static final String LINE = TEXT.lines().map(String::strip).collect(Collectors.joining(" "));

    /** A name or an IP address; neither begins like an option. */
    private static final Pattern HOST = Pattern.compile("[0-9A-Za-z_:][0-9A-Za-z_.:%-]{0,254}");

    private RelayProgram() {}

    /**
     * Returns the command line that connects to an address.
     *
     * @throws IllegalArgumentException when it is none
     */
    static String line(String host, int port) {
        if (!HOST.matcher(host).matches()) {
            throw new IllegalArgumentException("Neither an address nor a name: " + host);
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("No TCP port: " + port);
        }
        return "exec perl -e '" + LINE + "' -- '" + host + "' " + port;
    }
}
