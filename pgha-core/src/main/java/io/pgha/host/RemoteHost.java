package io.pgha.host;

import io.pgha.Problem;
import io.pgha.model.Node;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A machine that is reached: runs commands as root and forwards ports.
 *
 * <p>Thread-safe; commands on one host run one after the other (OpenSSH allows ten channels a connection, and one lane
 * a host keeps their order plain). A connection that dropped is opened again by the next call.
 */
public interface RemoteHost {

    /**
     * Returns the node this machine is.
     *
     * @return the node
     */
    Node node();

    /**
     * Runs a POSIX {@code sh} script as root and waits for its end. A non-zero exit status is a result, not an
     * exception. Does network I/O and blocks, at most for the command's own timeout.
     *
     * <p>The script never stands in an argument list: it travels, like {@link Command#stdin()}, on the encrypted
     * channel's standard input, so nothing of it shows in the machine's process list.
     *
     * @param command what to run
     * @return exit status, standard output and standard error
     * @throws HostException when the connection fails, drops or the timeout passes ({@code code()} tells which)
     * @throws InterruptedException when the calling thread is interrupted; the command's channel is closed
     */
    CommandResult run(Command command) throws InterruptedException;

    /**
     * Asks probes in one remote command. Does network I/O and blocks.
     *
     * @param probes what to ask
     * @return observation by probe id, in the order asked
     * @throws HostException as {@link #run} does; {@code host.observation-failed} where the answer is cut short
     * @throws InterruptedException when the calling thread is interrupted
     */
    default Map<String, String> observe(List<Probe> probes) throws InterruptedException {
        CommandResult result = run(Probes.command(probes));
        try {
            return Probes.answers(probes, result.stdout());
        } catch (IllegalStateException cutShort) {
            throw new HostException(
                    Problem.on(
                            node().name(),
                            "host.observation-failed",
                            "The machine at " + node().address() + " could not be observed: " + cutShort.getMessage()
                                    + " (exit status " + result.exitStatus() + "): "
                                    + result.stderr().strip(),
                            "Try `sh -c true` there as root; the shell or its start-up files may be broken."),
                    cutShort);
        }
    }

    /**
     * Returns what takes steps for done in place of doing them.
     *
     * @return the rehearsal; empty by default, for the machine is real
     */
    default Optional<Rehearsal> rehearsal() {
        return Optional.empty();
    }

    /**
     * Opens a local port whose connections come out at an address that the machine can reach. Does network I/O.
     *
     * @param host the address as the machine sees it, for example {@code 127.0.0.1}
     * @param port the TCP port there
     * @return the tunnel, open until it or the transport is closed
     * @throws HostException when the machine cannot be reached or forbids it; that nobody serves the address shows when
     *     connecting
     * @throws InterruptedException when the calling thread is interrupted
     */
    Tunnel forward(String host, int port) throws InterruptedException;

    /**
     * Does the same as {@link #forward} by a program on the machine, for where its server forbids forwarding: each
     * connection is a program there, run by the user who logs in. Dearer than a tunnel, and only a few connections at
     * once: what goes beyond them waits, and ends where none of them ends in the time to connect. Does network I/O.
     *
     * @param host the address or name as the machine sees it, for example {@code 127.0.0.1}
     * @param port the TCP port there
     * @return the tunnel, open until it or the transport is closed; no program outlives it
     * @throws HostException when the machine cannot be reached or starts no such program; that nobody serves the
     *     address shows when connecting
     * @throws IllegalArgumentException when that is neither an address nor a name, or no port
     * @throws InterruptedException when the calling thread is interrupted
     */
    Tunnel relay(String host, int port) throws InterruptedException;
}
