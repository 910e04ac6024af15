package io.pgha.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.pgha.PgHaException;
import io.pgha.etcd.internal.auth.Callers;
import io.pgha.etcd.internal.auth.Enabling;
import io.pgha.etcd.internal.rpc.Login;
import io.pgha.etcd.internal.rpc.Rpc;
import io.pgha.etcd.internal.rpc.Session;
import io.pgha.host.HostFacts;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.NodeRole;
import io.pgha.model.etcd.EtcdAuthentication;
import io.pgha.port.CertificateBundle;
import io.pgha.port.CertificateRequest;
import io.pgha.port.EtcdUser;
import io.pgha.port.Pki;
import io.pgha.secret.Secret;
import io.pgha.secret.SecretStore;
import io.pgha.spi.Act;
import io.pgha.spi.Observation;
import io.pgha.spi.PlanContext;
import io.pgha.spi.Resource;
import io.pgha.testing.DerivedSecrets;
import io.pgha.testing.FixedPlanContext;
import io.pgha.testing.Requirement;
import io.pgha.testing.ScriptedHosts;
import io.pgha.testing.ScriptedWork;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The acts that enable and disable authentication, against a real etcd of three members on this machine. */
class EtcdAuthenticationTest {
    private static final ByteString MEMBER = ByteString.copyFromUtf8("/service/main/members/db-01");

    private final ClusterConfig plain = ClusterConfig.builder()
            .name("main")
            .topology(t -> t.node("db-01", LocalEtcd.BEHIND_A_TUNNEL, NodeRole.ETCD, NodeRole.POSTGRES))
            .build();
    private final ClusterConfig authenticated = ClusterConfig.builder()
            .from(plain)
            .etcd(etcd -> etcd.authentication(EtcdAuthentication.ENABLED))
            .build();

    @TempDir
    Path directory;

    private LocalEtcd etcd;

    @BeforeEach
    void start() throws Exception {
        Requirement.met(
                LocalEtcd.binary().isPresent(),
                "The tests against a real etcd need its program: -Dpgha.etcd=DIRECTORY names one, and on Debian ./mvnw"
                        + " -Dpgha.lab=required fetches it");
        etcd = LocalEtcd.start(directory, 3, 16L << 20);
    }

    @AfterEach
    void stop() throws Exception {
        if (etcd != null) {
            etcd.stop();
        }
    }

    private ScriptedWork work(ScriptedHosts hosts) {
        int port = URI.create(etcd.clientUrl(0)).getPort();
        return new ScriptedWork(
                hosts,
                plain.node("db-01"),
                address -> address.getHostString().equals(LocalEtcd.BEHIND_A_TUNNEL)
                        ? InetSocketAddress.createUnresolved("127.0.0.1", port)
                        : address);
    }

    /**
     * Does what the component declares, and returns what was run on hosts; root's password is the store's, or a guess.
     */
    private List<String> act(ClusterConfig config, String root) throws InterruptedException {
        return act(new ScriptedHosts(config, "trixie"), root);
    }

    private List<String> act(ScriptedHosts hosts, String root) throws InterruptedException {
        PlanContext context = new Context(new FixedPlanContext(hosts.config(), "trixie"), etcd.identity(), root);
        Resource resource = Etcd.component().stages(context).stream()
                .flatMap(stage -> Stream.concat(
                        stage.cluster().stream().flatMap(lane -> lane.views(0).values().stream()),
                        stage.lanes().values().stream().flatMap(List::stream)))
                .filter(each -> each.id().endsWith("authentication"))
                .findFirst()
                .orElseThrow();
        ((Act.InJava) resource.act(Observation.of("not done"))).work().run(work(hosts));
        return hosts.commands();
    }

    private boolean isOpen() throws InterruptedException {
        try (EtcdClient anybody = etcd.client()) {
            anybody.dcs("/service", "main").view();
            return true;
        } catch (EtcdException e) {
            assertThat(e.code()).isEqualTo(EtcdException.UNAUTHORIZED);
            return false;
        }
    }

    private EtcdClient as(String user, String password) {
        return Etcd.client(c -> etcd.options(c).user(user, Secret.of(password)));
    }

    @Test
    void itIsEnabledAndDisabledWhilePatroniWorks() throws Exception {
        try (EtcdClient client = as("main", "the store's");
                Patroni patroni = new Patroni(client.session().rpc());
                EtcdClient root = as("root", "the store's")) {
            assertThat(patroni.rounds.isAlive()).isTrue();
            act(authenticated, "the store's");
            assertThat(isOpen()).isFalse();
            assertThat(root.dcs("/pgha", "main").view().raw()).as("no mark").isEmpty();
            act(authenticated, "the store's");
            assertThat(isOpen()).as("as before").isFalse();

            ScriptedHosts guess = new ScriptedHosts(plain, "trixie");
            assertThatThrownBy(() -> act(guess, "a guess"))
                    .hasMessageContaining("etcd does not take the password of root");
            assertThat(guess.commands()).as("passwords are kept").isEmpty();
            assertThat(isOpen()).isFalse();

            assertThat(act(plain, "the store's")).containsExactly("db-01 rm -f /etc/etcd/passwords");
            assertThat(isOpen()).isTrue();
            assertThat(act(plain, "the store's")).as("of the next node").hasSize(1);
        }
    }

    /** With an older password in its configuration. */
    @Test
    void itIsDisabledAgainWherePatroniDoesNotWriteWithIt() throws Exception {
        try (EtcdClient client = as("main", "a guess");
                Patroni patroni = new Patroni(client.session().rpc());
                Callers callers = callers()) {
            assertThat(patroni.rounds.isAlive()).isTrue();
            assertThatThrownBy(
                            () -> new Enabling(callers, plain, user("root"), user("main"), Duration.ofSeconds(2)).run())
                    .isInstanceOf(PgHaException.class)
                    .hasMessageContaining("Patroni of db-01 has not written for 2 s with authentication enabled;"
                            + " it was disabled again");
            assertThat(isOpen()).isTrue();
            assertThat(client.dcs("/pgha", "main").view().raw()).as("no mark").isEmpty();
        }
    }

    private static EtcdUser user(String name) {
        return new EtcdUser(name, Secret.of("the store's"));
    }

    private Callers callers() {
        EtcdClientOptions options = etcd.options(EtcdClientOptions.builder()).build();
        return new Callers(
                work(new ScriptedHosts(plain, "trixie")),
                Login.as(Optional.of(user("root"))),
                login -> new Session(options, login, () -> {}));
    }

    /** Certificates that this etcd trusts, and one password for all. */
    private record Context(PlanContext fixed, CertificateBundle identity, String password) implements PlanContext {
        @Override
        public ClusterConfig config() {
            return fixed.config();
        }

        @Override
        public HostFacts facts(Node node) {
            return fixed.facts(node);
        }

        @Override
        public List<String> packages(Node node) {
            return fixed.packages(node);
        }

        @Override
        public List<Resource> beforePackages(Node node) {
            return fixed.beforePackages(node);
        }

        @Override
        public Pki pki() {
            return new Pki() {
                @Override
                public String trustedCertificates() {
                    return identity.certificate();
                }

                @Override
                public CertificateBundle issue(CertificateRequest request) {
                    return identity;
                }

                @Override
                public Optional<String> defect(String pem, CertificateRequest request) {
                    return Optional.empty();
                }
            };
        }

        @Override
        public SecretStore secrets() {
            return new DerivedSecrets(name -> password);
        }
    }

    /**
     * Looks after its key in one round after the other, as Patroni does: where it is on another lease it is put back on
     * its own.
     */
    private static final class Patroni implements AutoCloseable {
        private final CountDownLatch closed = new CountDownLatch(1);
        private final Thread rounds = new Thread(this::work, "patroni");
        private final Rpc rpc;
        private final long lease;

        Patroni(Rpc rpc) throws InterruptedException {
            this.rpc = rpc;
            this.lease = rpc.change(channel -> LeaseGrpc.newBlockingStub(channel)
                    .leaseGrant(LeaseGrantRequest.newBuilder().setTTL(600).build())
                    .getID());
            put();
            rounds.start();
        }

        private void work() {
            try {
                while (!closed.await(100, TimeUnit.MILLISECONDS)) {
                    round();
                }
            } catch (InterruptedException nobodyElseHasThisThread) {
                Thread.currentThread().interrupt();
            }
        }

        private void round() throws InterruptedException {
            try {
                Optional<KeyValue> now =
                        rpc.read(channel -> KVGrpc.newBlockingStub(channel)
                                .range(RangeRequest.newBuilder().setKey(MEMBER).build())
                                .getKvsList()
                                .stream()
                                .findFirst());
                if (now.filter(key -> key.getLease() == lease).isEmpty()) {
                    put();
                }
            } catch (EtcdException e) {
                // It tries again in its next round.
            }
        }

        private void put() throws InterruptedException {
            rpc.change(channel -> KVGrpc.newBlockingStub(channel)
                    .put(PutRequest.newBuilder()
                            .setKey(MEMBER)
                            .setValue(ByteString.copyFromUtf8("{\"role\":\"replica\"}"))
                            .setLease(lease)
                            .build()));
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }
}
