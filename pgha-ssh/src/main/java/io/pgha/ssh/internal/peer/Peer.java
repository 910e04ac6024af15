package io.pgha.ssh.internal.peer;

import io.pgha.Problem;
import io.pgha.host.ShellQuote;
import io.pgha.model.Node;
import io.pgha.net.HostPort;
import io.pgha.secret.Secret;
import io.pgha.ssh.SshCredential;
import io.pgha.ssh.SshJump;
import io.pgha.ssh.SshOptions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One SSH server and how to log in there.
 *
 * @param node the node's name; "jump" for a jump host
 * @param host its name or address
 * @param port its port
 * @param user who to log in as
 * @param credentials what to prove it with
 * @param role what to call it in messages: empty, or "jump host "
 * @param secrets all that is given to log in and to become root with, here and elsewhere; never to be shown
 * @param jump the jump host that it is reached through
 */
public record Peer(
        String node,
        String host,
        int port,
        String user,
        List<SshCredential> credentials,
        String role,
        List<Secret> secrets,
        Optional<Peer> jump) {

    public static Peer of(Node node, SshOptions options) {
        return new Peer(
                node.name(),
                node.sshAddress(),
                node.sshPort(),
                options.user(),
                options.credentials(),
                "",
                secrets(options),
                options.jump().map(through -> jump(through, options)));
    }

    public static Peer jump(SshJump jump, SshOptions options) {
        return new Peer(
                "jump",
                jump.host(),
                jump.port(),
                jump.user().orElse(options.user()),
                jump.credentials().isEmpty() ? options.credentials() : jump.credentials(),
                "jump host ",
                secrets(options),
                Optional.empty());
    }

    private static List<Secret> secrets(SshOptions options) {
        Stream<SshCredential> credentials = Stream.concat(
                options.credentials().stream(),
                options.jump().stream().flatMap(through -> through.credentials().stream()));
        return Stream.concat(credentials.flatMap(Peer::secret), options.sudoPassword().stream())
                .toList();
    }

    private static Stream<Secret> secret(SshCredential credential) {
        return credential instanceof SshCredential.PrivateKey key
                ? key.passphrase().stream()
                : Stream.of(((SshCredential.Password) credential).secret());
    }

    /** Returns what the server said without the secrets that it may have heard. */
    String covered(String said) {
        String text = said;
        for (Secret secret : secrets) {
            text = secret.coveredIn(text);
        }
        return text;
    }

    /** Returns a problem with this server; one with a jump host belongs to no single node. */
    public Problem problem(String code, String message, String remedy) {
        return isJump() ? Problem.of(code, message, remedy) : Problem.on(node, code, message, remedy);
    }

    public boolean isJump() {
        return !role.isEmpty();
    }

    /** Returns how known_hosts and ssh-keygen call it: the host, or {@code [host]:port}. */
    public String knownHostsName() {
        return port == 22 ? host : "[" + host + "]:" + port;
    }

    /** Returns how messages call it. */
    public String place() {
        return role + knownHostsName();
    }

    /** Returns the arguments with which {@code ssh} reaches it, to stand in a remedy. */
    String sshArguments() {
        return jump.map(through -> "-J " + through.hop() + " ").orElse("") + target();
    }

    /** Returns the same for {@code ssh-copy-id}, which has no {@code -J}. */
    public String copyIdArguments() {
        return jump.map(through -> "-o ProxyJump=" + through.hop() + " ").orElse("") + target();
    }

    private String target() {
        return (port == 22 ? "" : "-p " + port + " ") + user + "@" + host;
    }

    private String hop() {
        HostPort place = new HostPort(host, port);
        return ShellQuote.quote(user + "@" + (port == 22 ? place.bracketed() : place));
    }

    /** Returns a command that connects to it by itself, run where that is possible: here, or on the jump host. */
    public String reaching(String command) {
        return jump.map(through -> "ssh " + through.sshArguments() + " " + command)
                .orElse(command);
    }
}
