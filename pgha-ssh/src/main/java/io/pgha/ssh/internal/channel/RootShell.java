package io.pgha.ssh.internal.channel;

import io.pgha.host.Command;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The shell text that is sent to machines. All of it is constant but for lengths and names of its own: scripts, their
 * input and passwords travel on standard input, so a machine's process list shows nothing of them.
 *
 * <p>It is read by the user's log-in shell first, which may be any, hence one line in single quotes without a quote or
 * an exclamation mark inside. {@code sh} then reads the script from its standard input by length ({@code head -c} takes
 * no byte too many from a pipe), and the script's own input in the same way. Nothing runs before all of both has come:
 * were the connection to break in between, a part of a script would run, or {@code cat >file} would install a part of a
 * file.
 */
public final class RootShell {
    /**
     * What {@code sh} prints on both outputs when it is there; what came before is noise of log-in scripts and sudo.
     */
    static final byte[] READY = "\u001epgha\u001e".getBytes(StandardCharsets.US_ASCII);

    /** The exit status for a script that did not arrive whole; then {@link #CUT} is the last on standard error. */
    public static final int INCOMPLETE = 125;

    public static final String CUT = "\u001ecut\u001e";

    /** What a shell says that may start no other program. */
    public static final String NOTHING_STARTS = "head: Permission denied";

    private static final String MARK = "#pgha";

    private static final String PREPARE =
            "umask 077; LC_ALL=C; export LC_ALL; printf \"\\036pgha\\036\"; printf \"\\036pgha\\036\" >&2; ";

    private static final String CUTTING = "cut() { printf \"\\036cut\\036\" >&2; exit " + INCOMPLETE + "; }; ";

    // The first line is the mark, or the password where sudo did not want it; then the mark is on the second.
    private static final String SKIP_PASSWORD =
            "IFS= read -r pgha_l; [ \"$pgha_l\" = \"" + MARK + "\" ] || IFS= read -r pgha_l; unset pgha_l; ";

    private RootShell() {}

    /** How to become root on a machine. */
    public enum Way {
        /** The user is root. */
        ROOT("", ""),
        /** By sudo, which asks for nothing. */
        SUDO("sudo -n -- ", ""),
        /** By sudo, which reads the user's password from standard input. */
        SUDO_PASSWORD("sudo -k -S -p \"\" -- ", SKIP_PASSWORD);

        private final String prefix;
        private final String skip;

        Way(String prefix, String skip) {
            this.prefix = prefix;
            this.skip = skip;
        }
    }

    /** What to send for one command. */
    public static final class Call {
        private final String line;
        private final byte[] body;
        private final boolean waitReady;

        private Call(String line, byte[] body, boolean waitReady) {
            this.line = line;
            this.body = body;
            this.waitReady = waitReady;
        }

        /** Returns the command line. */
        public String line() {
            return line;
        }

        /** Returns what follows on standard input. */
        public byte[] body() {
            return body;
        }

        /** Returns whether to send the body only when {@code sh} is there: until then something else may read it. */
        boolean waitReady() {
            return waitReady;
        }
    }

    public static Call call(Way way, Command command) {
        byte[] script = script(command.script());
        byte[] stdin = command.stdin();
        StringBuilder line = new StringBuilder("exec ")
                .append(way.prefix)
                .append("sh -c '")
                .append(PREPARE)
                .append(way.skip)
                .append(CUTTING)
                .append("pgha_s=$(head -c ")
                .append(script.length)
                .append("); [ ${#pgha_s} = ")
                .append(script.length)
                .append(" ] || cut; ");
        String run = "eval \"unset pgha_s pgha_d; unset -f cut; $pgha_s\"'";
        if (stdin.length == 0) {
            line.append("exec </dev/null; ").append(run);
        } else {
            line.append("pgha_d=$(head -c ")
                    .append(stdin.length)
                    .append(" | base64 -w 0); [ ${#pgha_d} = ")
                    .append((stdin.length + 2L) / 3 * 4)
                    .append(" ] || cut; printf %s \"$pgha_d\" 2>/dev/null | base64 -d 2>/dev/null | ")
                    .append(run);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream(script.length + stdin.length + 16);
        if (way == Way.SUDO_PASSWORD) {
            body.writeBytes((MARK + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        body.writeBytes(script);
        body.writeBytes(stdin);
        return new Call(line.toString(), body.toByteArray(), way == Way.SUDO_PASSWORD);
    }

    private static byte[] script(String script) {
        if (script.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("A script cannot hold a NUL character");
        }
        // $(…) cuts newlines at the end: they must not be counted.
        int end = script.length();
        while (end > 0 && script.charAt(end - 1) == '\n') {
            end--;
        }
        return script.substring(0, end).getBytes(StandardCharsets.UTF_8);
    }

    /** The last word of {@link #probe}'s output. */
    public enum Answer {
        ROOT,
        NO_SUDO,
        SUDO,
        SUDO_PASSWORD,
        SUDO_REFUSED
    }

    /**
     * Returns what finds out how to become root, all in one command. It reads the password, if at all, from standard
     * input; what sudo says goes to standard output, before the answer.
     *
     * @param password sudo's password, or empty; it is sent on standard input
     */
    public static Call probe(String password) {
        String withPassword =
                password.isEmpty() ? "" : "sudo -k -S -p \"\" -- sh -c \"head -c 0\" 2>&1 && answer SUDO_PASSWORD; ";
        String line = "exec sh -c '" + PREPARE + "answer() { printf \"\\036%s\" \"$1\"; exit 0; }; "
                + "[ \"$(id -u)\" = 0 ] && answer ROOT; "
                + "command -v sudo >/dev/null 2>&1 || answer NO_SUDO; "
                + "sudo -n -- sh -c \"head -c 0\" </dev/null 2>&1 && answer SUDO; "
                + withPassword
                + "answer SUDO_REFUSED'";
        byte[] body = password.isEmpty() ? new byte[0] : (password + "\n").getBytes(StandardCharsets.UTF_8);
        return new Call(line, body, false);
    }
}
