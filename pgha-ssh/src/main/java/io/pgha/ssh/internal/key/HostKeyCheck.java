package io.pgha.ssh.internal.key;

import io.pgha.host.ShellQuote;
import io.pgha.ssh.HostKeyException;
import io.pgha.ssh.HostKeyPolicy;
import io.pgha.ssh.SshOptions;
import io.pgha.ssh.internal.peer.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.transport.verification.HostKeyVerifier;

/** Decides whether the key that one server sends is its own, and keeps the reason where it is not. */
public final class HostKeyCheck implements HostKeyVerifier {
    private final Peer peer;
    private final KnownHosts knownHosts;
    private final HostKeyPolicy policy;
    private volatile Optional<HostKeyException> refusal = Optional.empty();

    public HostKeyCheck(Peer peer, SshOptions options) {
        this.peer = peer;
        this.knownHosts = new KnownHosts(options.knownHosts());
        this.policy = options.hostKeyPolicy();
    }

    /** Returns why the key was refused; empty where it was not or none came. */
    public Optional<HostKeyException> refusal() {
        return refusal;
    }

    /**
     * Returns what to prefer in the negotiation: the algorithms of the keys that are known. Otherwise a server with
     * several keys may send one that nobody knows, and look like another machine.
     */
    @Override
    public List<String> findExistingAlgorithms(String hostname, int port) {
        List<String> algorithms = new ArrayList<>();
        try {
            for (KnownHosts.Entry entry : knownHosts.read(peer.knownHostsName()).keys()) {
                if (entry.type().equals("ssh-rsa")) {
                    algorithms.add("rsa-sha2-512");
                    algorithms.add("rsa-sha2-256");
                } else {
                    algorithms.add(entry.type());
                }
            }
        } catch (IOException unreadable) {
            // verify reads it again, and refuses with this reason.
            return List.of();
        }
        return algorithms;
    }

    /** Decides; sshj's idea of the host's name is not asked, since connections are made without one. */
    @Override
    public boolean verify(String hostname, int port, PublicKey key) {
        byte[] blob = new Buffer.PlainBuffer().putPublicKey(key).getCompactData();
        try {
            refusal = judge(blob);
        } catch (IOException e) {
            refusal = Optional.of(refuse(
                    blob,
                    "ssh.known-hosts-unreadable",
                    "the file " + knownHosts.file() + " with the known host keys cannot be read: " + e,
                    "make it a file that you may read: ls -l " + fileArgument()));
        }
        return refusal.isEmpty();
    }

    private Optional<HostKeyException> judge(byte[] blob) throws IOException {
        KnownHosts.Entries entries = knownHosts.read(peer.knownHostsName());
        KnownHosts.Entries anyPort = knownHosts.read(peer.host());
        Optional<KnownHosts.Entry> revoked = Stream.of(entries, anyPort)
                .flatMap(named -> named.revoked().stream())
                .filter(entry -> entry.is(blob))
                .findFirst();
        if (revoked.isPresent()) {
            return Optional.of(refuse(
                    blob,
                    "ssh.host-key-revoked",
                    peer.place() + " sent the host key " + KnownHosts.describe(blob) + ", which " + knownHosts.file()
                            + " revokes in line " + revoked.get().line(),
                    "stop: this key is known to be in wrong hands. Give the machine a new one (ssh-keygen -A) and put its"
                            + " public part into " + knownHosts.file() + "."));
        }
        // OpenSSH's rule: where nothing is said about the host at this port, a key that it has at any port is good.
        if (entries.keys().isEmpty() && isAmong(anyPort.keys(), blob)) {
            return Optional.empty();
        }
        if (entries.keys().isEmpty() && policy == HostKeyPolicy.ACCEPT_NEW) {
            try {
                entries = knownHosts.add(peer.knownHostsName(), blob);
            } catch (IOException e) {
                return Optional.of(refuse(
                        blob,
                        "ssh.known-hosts-unwritable",
                        "the new host key of " + peer.place() + " cannot be written to " + knownHosts.file() + ": " + e,
                        "make it a file that you may write: ls -l " + fileArgument()));
            }
        }
        if (isAmong(entries.keys(), blob)) {
            return Optional.empty();
        }
        return Optional.of(entries.keys().isEmpty() ? unknown(blob, entries) : changed(blob, entries.keys()));
    }

    private static boolean isAmong(List<KnownHosts.Entry> entries, byte[] blob) {
        return entries.stream().anyMatch(entry -> entry.is(blob));
    }

    private HostKeyException unknown(byte[] blob, KnownHosts.Entries entries) {
        return refuse(
                blob,
                "ssh.host-key-unknown",
                "the host key of " + peer.place() + " is not in " + knownHosts.file()
                        + (Files.notExists(knownHosts.file()) ? ", which does not exist" : "") + "; the server sent "
                        + KnownHosts.describe(blob)
                        + entries.authorities().stream()
                                .map(
                                        authority -> "; line " + authority.line()
                                                + " trusts an authority (@cert-authority), but certificates of hosts are not supported")
                                .collect(Collectors.joining()),
                "compare that with the machine's own (on its console: ssh-keygen -lf /etc/ssh/ssh_host_" + keyName(blob)
                        + "_key.pub); if they are equal, run: " + scan()
                        + " ; or believe new machines: hostKeyPolicy(HostKeyPolicy.ACCEPT_NEW).");
    }

    /** Returns the command that adds a host's keys to the file as it is. */
    private String scan() {
        // ssh-keyscan takes no way through another host, so it runs there; what it prints comes here.
        String scan = peer.reaching("ssh-keyscan -p " + peer.port() + " " + ShellQuote.quote(peer.host()));
        String folder = knownHosts
                .missingFolder()
                .map(missing -> "mkdir -p " + ShellQuote.quote(missing.toString()) + " && ")
                .orElse("");
        return folder + (knownHosts.endsInsideLine() ? "{ echo; " + scan + "; }" : scan) + " >> " + fileArgument();
    }

    private HostKeyException changed(byte[] blob, List<KnownHosts.Entry> known) {
        String has = known.stream().map(KnownHosts.Entry::toString).collect(Collectors.joining(", "));
        return refuse(
                blob,
                "ssh.host-key-changed",
                "the host key of " + peer.place() + " changed; " + knownHosts.file() + " has " + has
                        + ", the server sent " + KnownHosts.describe(blob),
                "if the machine was reinstalled, run: ssh-keygen -R " + ShellQuote.quote(peer.knownHostsName()) + " -f "
                        + fileArgument() + " ; otherwise stop: someone may be in between.");
    }

    private static String keyName(byte[] blob) {
        String type = KnownHosts.type(blob);
        return type.startsWith("ecdsa") ? "ecdsa" : type.replace("ssh-", "");
    }

    private String fileArgument() {
        return ShellQuote.quote(knownHosts.file().toString());
    }

    private HostKeyException refuse(byte[] blob, String code, String message, String remedy) {
        return new HostKeyException(peer.problem(code, message, remedy), KnownHosts.fingerprint(blob));
    }
}
