package io.pgha.ssh;

import io.pgha.Given;
import io.pgha.host.Transport;
import io.pgha.ssh.internal.connection.SshTransport;
import java.util.function.UnaryOperator;

/**
 * The door to this package: reaches machines over SSH.
 *
 * <pre>{@code
 * try (Transport ssh = Ssh.transport(o -> o.user("ops").privateKey(Path.of("id_ed25519")).knownHosts(Path.of("known_hosts")))) {
 *     RemoteHost pg1 = ssh.connect(node);
 *     CommandResult result = pg1.run(Command.sh("systemctl is-active patroni"));
 * }
 * }</pre>
 *
 * <p>Defaults: {@code ~/.ssh/known_hosts}, unknown machines refused, 10 s to connect, keep-alive every 15 s with 3
 * misses. The machine needs OpenSSH, a POSIX {@code sh}, {@code head} and {@code base64}, and {@code sudo} where the
 * user is not root. Stateless and thread-safe.
 */
public final class Ssh {
    private Ssh() {}

    /**
     * Returns a transport; it connects when a machine is first asked for. Does no I/O itself.
     *
     * <p>There is one connection a machine. Connecting costs five network round trips, and one command more where the
     * user is not root, to learn how to become it; a command costs two. Reconnecting never repeats a command: one whose
     * connection breaks fails with {@code host.connection-lost}, its outcome unknown, and the next opens a new
     * connection.
     *
     * <p>What a command leaves running on the machine is not ended when its time is up, its caller is interrupted or
     * the transport is closed; only its channel is.
     *
     * @param options fills in how to reach machines
     * @return the transport; close it
     * @throws io.pgha.model.InvalidConfigException when the options cannot work, with every reason
     */
    public static Transport transport(UnaryOperator<SshOptions.Builder> options) {
        return transport(
                Given.completed(SshOptions.builder(), options, "options").build());
    }

    /**
     * Returns a transport for options that are built already. Does no I/O itself.
     *
     * @param options how to reach machines
     * @return the transport; close it
     * @see #transport(UnaryOperator)
     */
    public static Transport transport(SshOptions options) {
        Given.value(options, "options");
        return new SshTransport(options);
    }
}
