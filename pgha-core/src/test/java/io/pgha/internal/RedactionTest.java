package io.pgha.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.host.Command;
import io.pgha.host.CommandResult;
import io.pgha.host.Probe;
import io.pgha.host.RemoteHost;
import io.pgha.host.Transport;
import io.pgha.host.Tunnel;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.plan.Change;
import io.pgha.plan.FileDiff;
import io.pgha.plan.Impact;
import io.pgha.port.CertificateBundle;
import io.pgha.port.CertificateRequest;
import io.pgha.port.Pki;
import io.pgha.secret.Secret;
import io.pgha.secret.SecretStore;
import io.pgha.testing.FakePki;
import io.pgha.testing.Rehearsal;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RedactionTest {
    private final ClusterConfig config = Rehearsal.config().build();
    private final Node node = config.node("postgres-01");
    private final Redaction redaction = new Redaction();

    private void knows(String... secrets) {
        SecretStore store = redaction.watched(SecretStore.memory());
        for (String secret : secrets) {
            store.put("toy." + secret.length(), Secret.of(secret));
        }
    }

    @Test
    void whatIsWrittenIntoAConfigurationIsCovered() {
        redaction.knows(ClusterConfig.builder()
                .from(config)
                .postgres(pg -> pg.parameter("primary_conninfo_of_mine.api_token", "hunter-token")
                        .pgHba(
                                "host all all 10.0.0.0/8 ldap ldapserver=a ldapbasedn=x ldapbinddn=y ldapbindpasswd=hunter-bind")
                        .pgHba("host all all 10.1.0.0/16 radius radiusservers=\"a,b\""
                                + " radiussecrets=\"'hunter-one','hunter-two'\""))
                .build()
                .postgres());

        assertThat(redaction.covered("hunter-token hunter-bind hunter-one hunter-two hunter-three"))
                .isEqualTo("**** **** **** **** hunter-three");
    }

    /** Of what somebody has chosen, a short word would be found everywhere. */
    @Test
    void anEverydayWordIsNot() {
        redaction.knows(ClusterConfig.builder()
                .from(config)
                .postgres(pg -> pg.parameter("app.api_token", "replica").parameter("app.password", "exactly8"))
                .build()
                .postgres());

        assertThat(redaction.covered("a replica with exactly8 letters")).isEqualTo("a replica with **** letters");
    }

    @Test
    void aChangeShowsNone() {
        knows("hunter-one");
        Change covered = redaction.covered(
                new Change("has hunter-one", Impact.NONE, Optional.of(new FileDiff("/etc/toy", "+hunter-one"))));

        assertThat(covered.reason()).isEqualTo("has ****");
        assertThat(covered.diff())
                .hasValueSatisfying(diff -> assertThat(diff.unified()).isEqualTo("+****"));
    }

    @Test
    void anAuthorityIsTheSameAndItsKeysAreCovered() {
        Pki pki = FakePki.pki(config);
        Pki watched = redaction.watched(pki);
        CertificateRequest request = CertificateRequest.builder().usage("toy").build();

        assertThat(watched.trustedCertificates()).isEqualTo(pki.trustedCertificates());
        assertThat(watched.defect("another", request))
                .isEqualTo(pki.defect("another", request))
                .isPresent();
        assertThat(redaction.covered("a key")).isEqualTo("a key");
        CertificateBundle bundle = watched.issue(request);
        assertThat(bundle.certificate()).isEqualTo(pki.issue(request).certificate());
        assertThat(redaction.covered("-----BEGIN PRIVATE KEY-----\na key"))
                .as("each line of a key tells a part of it, its frame tells nothing")
                .isEqualTo("-----BEGIN PRIVATE KEY-----\n****");
    }

    @Test
    void aHostIsTheSameAndWhatItComplainsOfIsCovered() throws Exception {
        knows("hunter-one");
        Toy toy = new Toy(node);
        Transport covered = redaction.covered(toy);
        RemoteHost host = covered.connect(node);
        List<String> lines = new ArrayList<>();
        CommandResult result =
                host.run(Command.builder().script("toy").output(lines::add).build());

        assertThat(host.node()).isEqualTo(node);
        assertThat(result.exitStatus()).isEqualTo(3);
        assertThat(result.stdout()).as("data").isEqualTo("hunter-one");
        assertThat(result.stderr()).isEqualTo("bad line: ****");
        assertThat(lines).containsExactly("reading ****");
        assertThat(host.observe(List.of(new Probe("toy", "toy", "")))).containsEntry("toy", "hunter-one");
        assertThat(host.forward("10.0.0.1", 1).localAddress().getPort()).isEqualTo(1);
        assertThat(host.relay("10.0.0.1", 2).localAddress().getPort()).isEqualTo(2);
        assertThat(toy.closed).isFalse();
        covered.close();
        assertThat(toy.closed).isTrue();
    }

    private record Toy(Node node, AtomicBoolean closed) implements Transport, RemoteHost {
        Toy(Node node) {
            this(node, new AtomicBoolean());
        }

        @Override
        public RemoteHost connect(Node to) {
            return this;
        }

        @Override
        public CommandResult run(Command command) {
            command.output().accept("reading hunter-one");
            return new CommandResult(3, "hunter-one", "bad line: hunter-one");
        }

        @Override
        public Map<String, String> observe(List<Probe> probes) {
            return Map.of(probes.get(0).id(), "hunter-one");
        }

        @Override
        public Tunnel forward(String host, int port) {
            return tunnel(port);
        }

        @Override
        public Tunnel relay(String host, int port) {
            return tunnel(port);
        }

        private static Tunnel tunnel(int port) {
            return new Tunnel() {
                @Override
                public InetSocketAddress localAddress() {
                    return InetSocketAddress.createUnresolved("127.0.0.1", port);
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void close() {
            closed.set(true);
        }
    }
}
