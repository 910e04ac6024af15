package io.pgha.internal;

import io.pgha.Given;
import io.pgha.PgHaException;
import io.pgha.Problem;
import io.pgha.host.Command;
import io.pgha.host.CommandResult;
import io.pgha.host.HostException;
import io.pgha.host.Probe;
import io.pgha.host.Rehearsal;
import io.pgha.host.RemoteHost;
import io.pgha.host.Transport;
import io.pgha.host.Tunnel;
import io.pgha.model.Node;
import io.pgha.model.hba.HbaSecrets;
import io.pgha.model.postgres.PostgresConfig;
import io.pgha.plan.Change;
import io.pgha.plan.FileDiff;
import io.pgha.port.CertificateBundle;
import io.pgha.port.CertificateRequest;
import io.pgha.port.Pki;
import io.pgha.secret.Secret;
import io.pgha.secret.SecretNames;
import io.pgha.secret.SecretStore;
import io.pgha.secret.SecretText;
import io.pgha.text.WrittenSecrets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Covers a cluster's secrets in what its hosts say. Whoever is given a secret may give it back: a checker that does not
 * like a file quotes the line. All secrets that come out of the store or the authority are known here, so no component
 * has to think of it. Thread-safe.
 */
public final class Redaction {
    /** Of those that somebody has chosen; shorter ones would be found in innocent texts. */
    private static final int LEAST_WRITTEN = 8;

    private static final Pattern QUOTES = Pattern.compile("^\\s*[\"']+|[\"']+\\s*$");

    private final Set<Secret> secrets = ConcurrentHashMap.newKeySet();

    /** Creates one that knows no secret yet. */
    public Redaction() {}

    /**
     * Watches a store.
     *
     * @param store the store
     * @return the same store; what comes out of it is covered from then on
     */
    public SecretStore watched(SecretStore store) {
        return new WatchedStore(this, store);
    }

    /** Watches an authority: the keys that it makes are covered. */
    Pki watched(Pki pki) {
        return new WatchedPki(this, pki);
    }

    /**
     * Knows what somebody has written into a configuration, too.
     *
     * @param postgres the configuration; what is secret in its parameters and lines, and not as short as an everyday
     *     word, is covered
     */
    public void knows(PostgresConfig postgres) {
        HbaSecrets.coveredIn(postgres.pgHba(), this::written);
        postgres.parameters().forEach((name, value) -> WrittenSecrets.coveredIn(name, value.toString(), this::written));
    }

    /** A list tells its items, and a word in quotes what is within. */
    private String written(String secret) {
        Stream.concat(Stream.of(secret), Arrays.stream(secret.split(",")))
                .flatMap(part -> Stream.of(part, QUOTES.matcher(part).replaceAll("")))
                .filter(part -> part.length() >= LEAST_WRITTEN)
                .map(Secret::of)
                .forEach(secrets::add);
        return secret;
    }

    /**
     * Listens to hosts.
     *
     * @param transport the way to them
     * @return the same way; in what its hosts complain of, secrets are covered. Standard output is data, and stays what
     *     it is
     */
    public Transport covered(Transport transport) {
        return new CoveredTransport(this, transport);
    }

    String covered(String text) {
        String covered = text;
        for (Secret secret : secrets) {
            covered = secret.coveredIn(covered);
        }
        return covered;
    }

    Problem covered(Problem problem) {
        return new Problem(problem.code(), problem.node(), covered(problem.message()), covered(problem.remedy()));
    }

    /**
     * Returns an exception with no secret in it: the same where it has none, else one without a cause, which would have
     * it.
     */
    PgHaException covered(PgHaException exception) {
        Problem covered = covered(exception.problem());
        if (covered.equals(exception.problem())) {
            return exception;
        }
        return exception instanceof HostException ? new HostException(covered, null) : new PgHaException(covered);
    }

    Change covered(Change change) {
        return new Change(
                covered(change.reason()),
                change.impact(),
                change.diff().map(diff -> new FileDiff(diff.path(), covered(diff.unified()))));
    }

    /** A key has several lines, of which each tells a part. */
    private Secret remember(Secret secret) {
        secret.reveal()
                .lines()
                .map(String::strip)
                .filter(line -> !line.startsWith("-----"))
                .map(Secret::of)
                .forEach(secrets::add);
        return secret;
    }

    /**
     * Checks names and secrets, so that no implementation has to; what fails may tell what it was given, which is
     * covered before.
     */
    private record WatchedStore(Redaction redaction, SecretStore store) implements SecretStore {
        @Override
        public List<String> names() {
            return store.names();
        }

        @Override
        public Optional<Secret> read(String name) {
            return store.read(SecretNames.checked(name)).map(secret -> known(name, secret));
        }

        @Override
        public void put(String name, Secret secret) {
            store.put(SecretNames.checked(name), known(name, secret));
        }

        @Override
        public void replace(String name, Secret expected, Secret secret) {
            SecretNames.checked(name);
            store.replace(name, redaction.remember(Given.value(expected, "expected")), known(name, secret));
        }

        @Override
        public Secret obtain(String name, Supplier<Secret> otherwise) {
            SecretNames.checked(name);
            Given.value(otherwise, "otherwise");
            return known(name, store.obtain(name, () -> known(name, otherwise.get())));
        }

        @Override
        public SecretStore forCluster(String cluster) {
            return new WatchedStore(redaction, store.forCluster(SecretNames.cluster(cluster)));
        }

        private Secret known(String name, Secret secret) {
            return redaction.remember(SecretText.checked(secret, "The secret " + name));
        }

        @Override
        public String toString() {
            return store.toString();
        }
    }

    private record WatchedPki(Redaction redaction, Pki pki) implements Pki {
        @Override
        public String trustedCertificates() {
            return pki.trustedCertificates();
        }

        @Override
        public CertificateBundle issue(CertificateRequest request) {
            CertificateBundle bundle = pki.issue(request);
            redaction.remember(bundle.privateKey());
            return bundle;
        }

        @Override
        public Optional<String> defect(String pem, CertificateRequest request) {
            return pki.defect(pem, request);
        }

        @Override
        public String toString() {
            return pki.toString();
        }
    }

    private record CoveredTransport(Redaction redaction, Transport transport) implements Transport {
        @Override
        public RemoteHost connect(Node node) throws InterruptedException {
            return new CoveredHost(redaction, transport.connect(node));
        }

        @Override
        public void close() {
            transport.close();
        }

        @Override
        public String toString() {
            return transport.toString();
        }
    }

    private record CoveredHost(Redaction redaction, RemoteHost host) implements RemoteHost {
        @Override
        public Node node() {
            return host.node();
        }

        @Override
        public CommandResult run(Command command) throws InterruptedException {
            return covered(host.run(covered(command)));
        }

        @Override
        public Map<String, String> observe(List<Probe> probes) throws InterruptedException {
            return host.observe(probes);
        }

        @Override
        public Optional<Rehearsal> rehearsal() {
            return host.rehearsal()
                    .map(real -> (question, leaves, command) ->
                            covered(real.step(question, leaves, command.map(this::covered))));
        }

        private Command covered(Command command) {
            return Command.builder()
                    .from(command)
                    .output(line -> command.output().accept(redaction.covered(line)))
                    .build();
        }

        private CommandResult covered(CommandResult result) {
            return new CommandResult(result.exitStatus(), result.stdout(), redaction.covered(result.stderr()));
        }

        @Override
        public Tunnel forward(String address, int port) throws InterruptedException {
            return host.forward(address, port);
        }

        @Override
        public Tunnel relay(String address, int port) throws InterruptedException {
            return host.relay(address, port);
        }

        @Override
        public String toString() {
            return host.toString();
        }
    }
}
