package io.pgha.patroni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.model.InvalidConfigException;
import io.pgha.patroni.query.PostgresTls;
import io.pgha.patroni.query.Query;
import io.pgha.patroni.query.QueryFailedException;
import io.pgha.patroni.query.QueryResult;
import io.pgha.patroni.view.MemberSelector;
import io.pgha.secret.Secret;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Queries against a server that speaks just enough of PostgreSQL's protocol; real ones are asked in the lab. */
@Timeout(60)
class QueryTest {
    private static final int TLS_REQUEST = 80877103;

    private final FakeCluster cluster = new FakeCluster("4.0.7");

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    /** Takes TLS with an identity, then asks for SCRAM and never gets further. */
    private static final class FakePostgres implements AutoCloseable {
        private final ServerSocket server;
        private final Optional<TestIdentity> identity;
        private final boolean silent;
        volatile String state = "28P01";
        final CountDownLatch connected = new CountDownLatch(1);
        final CountDownLatch startup = new CountDownLatch(1);
        final CountDownLatch left = new CountDownLatch(1);

        FakePostgres(Optional<TestIdentity> identity, boolean silent) throws IOException {
            this.identity = identity;
            this.silent = silent;
            this.server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
            Thread thread = new Thread(this::serve, "fake-postgres");
            thread.setDaemon(true);
            thread.start();
        }

        InetSocketAddress address() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
        }

        private void serve() {
            while (!server.isClosed()) {
                try (Socket plain = server.accept()) {
                    connected.countDown();
                    converse(plain);
                } catch (IOException e) {
                    // the client hung up, or the test is over
                } finally {
                    if (connected.getCount() == 0) {
                        left.countDown();
                    }
                }
            }
        }

        private void converse(Socket plain) throws IOException {
            DataInputStream in = new DataInputStream(plain.getInputStream());
            int length = in.readInt();
            int code = in.readInt();
            Socket socket = plain;
            if (code == TLS_REQUEST) {
                plain.getOutputStream().write(identity.isPresent() ? 'S' : 'N');
                if (identity.isEmpty()) {
                    return;
                }
                SSLSocket secured = (SSLSocket) identity.get()
                        .serverContext(identity.get())
                        .getSocketFactory()
                        .createSocket(plain, null, false);
                secured.setUseClientMode(false);
                secured.startHandshake();
                socket = secured;
                in = new DataInputStream(socket.getInputStream());
                length = in.readInt();
                code = in.readInt();
            }
            in.readNBytes(length - 8);
            startup.countDown();
            if (!silent) {
                byte[] text = ("SFATAL\0C" + state + "\0Mpassword authentication failed\0\0")
                        .getBytes(StandardCharsets.US_ASCII);
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                out.write('E');
                out.writeInt(text.length + 4);
                out.write(text);
                out.flush();
            }
            while (in.read() >= 0) {
                // until the client leaves
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    /** Routes the members' PostgreSQL (port 5432) to the fake, and leaves the REST API alone. */
    private PatroniClient client(FakePostgres postgres, String trust) {
        UnaryOperator<InetSocketAddress> route = address -> address.getPort() == 5432 ? postgres.address() : address;
        return cluster.client(c -> c.route(route).trust(trust));
    }

    private static Query.Builder select(Query.Builder query) {
        return query.sql("select 1").username("app").password(Secret.of("s3cret"));
    }

    @Test
    void dsnOfRolesAndMembers() throws Exception {
        try (PatroniClient client = cluster.client()) {
            assertThat(client.dsn(MemberSelector.LEADER)).hasToString("host=10.0.0.1 port=5432");
            assertThat(client.dsn("pg3").jdbcUrl("a b")).isEqualTo("jdbc:postgresql://10.0.0.3:5432/a%20b");
            cluster.member(cluster.member("pg2").state("stopped"));
            assertThat(client.dsnAsync(MemberSelector.REPLICA)
                            .get(20, TimeUnit.SECONDS)
                            .member())
                    .isEqualTo("pg3");
            assertThatExceptionOfType(PatroniException.class)
                    .isThrownBy(() -> client.dsn("pg9"))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("patroni.no-such-member"));
        }
    }

    @Test
    void theCertificateIsCheckedAgainstTheMembersAddressNotTheTunnels() throws Exception {
        TestIdentity tunnelEnd = TestIdentity.loopback();
        try (FakePostgres postgres = new FakePostgres(Optional.of(tunnelEnd), false);
                PatroniClient client = client(postgres, tunnelEnd.certificatePem())) {
            assertThatExceptionOfType(QueryFailedException.class)
                    .isThrownBy(() -> client.query(q -> select(q)))
                    .withMessageContaining("10.0.0.1");
            assertThat(postgres.startup.getCount())
                    .as("nothing was said inside TLS")
                    .isEqualTo(1);
        }
    }

    @Test
    void anUnknownAuthorityIsRefused() throws Exception {
        try (FakePostgres postgres = new FakePostgres(Optional.of(TestIdentity.forNames("ip:10.0.0.1,dns:x")), false);
                PatroniClient client = client(postgres, cluster.identity.certificatePem())) {
            assertThatExceptionOfType(QueryFailedException.class).isThrownBy(() -> client.query(q -> select(q)));
            assertThat(postgres.startup.getCount()).isEqualTo(1);
        }
    }

    @Test
    void aServerWithoutTlsGetsNoPassword() throws Exception {
        try (FakePostgres postgres = new FakePostgres(Optional.empty(), false);
                PatroniClient client = client(postgres, cluster.identity.certificatePem())) {
            assertThatExceptionOfType(QueryFailedException.class).isThrownBy(() -> client.query(q -> select(q)));
            assertThat(postgres.startup.getCount()).isEqualTo(1);
        }
    }

    @Test
    void whoeverWritesToAReplicaIsSentToTheLeader() throws Exception {
        TestIdentity member = TestIdentity.forNames("ip:10.0.0.2,ip:127.0.0.1");
        try (FakePostgres postgres = new FakePostgres(Optional.of(member), false);
                PatroniClient client =
                        client(postgres, cluster.identity.certificatePem() + "\n" + member.certificatePem())) {
            postgres.state = "25006";
            assertThatExceptionOfType(QueryFailedException.class)
                    .isThrownBy(() -> client.query(q -> select(q).member("pg2")))
                    .satisfies(e -> assertThat(e.sqlState()).contains("25006"))
                    .satisfies(e ->
                            assertThat(e.remedy()).startsWith("ask the leader").contains("role(LEADER)"));
        }
    }

    @Test
    void theServersErrorIsPassedOnWithItsCode() throws Exception {
        TestIdentity member = TestIdentity.forNames("ip:10.0.0.1,ip:127.0.0.1");
        try (FakePostgres postgres = new FakePostgres(Optional.of(member), false);
                PatroniClient client =
                        client(postgres, cluster.identity.certificatePem() + "\n" + member.certificatePem())) {
            assertThatExceptionOfType(QueryFailedException.class)
                    .isThrownBy(() -> client.query(q -> select(q)))
                    .satisfies(e -> assertThat(e.sqlState()).contains("28P01"))
                    .satisfies(e -> assertThat(e.remedy()).contains("pg_hba"))
                    .withMessageNotContaining("s3cret");
        }
    }

    @Test
    void silenceEndsAtTheTimeoutAndTheConnectionIsClosed() throws Exception {
        try (FakePostgres postgres = new FakePostgres(Optional.empty(), true);
                PatroniClient client = client(postgres, cluster.identity.certificatePem())) {
            assertThatExceptionOfType(QueryFailedException.class)
                    .isThrownBy(() ->
                            client.query(q -> select(q).tls(PostgresTls.NONE).timeout(Duration.ofMillis(700))))
                    .withMessageContaining("no answer within 700 ms");
            // Where the time was over before there was a connection, nobody has to leave.
            assertThat(postgres.connected.getCount() == 1 || postgres.left.await(20, TimeUnit.SECONDS))
                    .isTrue();
        }
    }

    @Test
    void cancellingClosesTheConnection() throws Exception {
        try (FakePostgres postgres = new FakePostgres(Optional.empty(), true);
                PatroniClient client = client(postgres, cluster.identity.certificatePem())) {
            CompletableFuture<QueryResult> result =
                    client.queryAsync(q -> select(q).tls(PostgresTls.NONE));
            assertThat(postgres.startup.await(20, TimeUnit.SECONDS)).isTrue();
            result.cancel(true);
            assertThat(postgres.left.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void whatMakesNoSenseIsRefusedBeforeAnythingIsAsked() throws Exception {
        try (PatroniClient client = cluster.client()) {
            assertThatThrownBy(() -> client.query(
                            q -> q.sql(" ").member("pg1").through("vip", 5000).timeout(Duration.ZERO)))
                    .isInstanceOfSatisfying(
                            InvalidConfigException.class,
                            e -> assertThat(e.problems()).hasSize(3));
            assertThatExceptionOfType(QueryFailedException.class)
                    .isThrownBy(() -> client.query(q -> q.sql("select 1")))
                    .withMessageContaining("needs a user");
            assertThat(select(Query.builder()).parameters(List.of("p1")).build().toString())
                    .doesNotContain("s3cret")
                    .doesNotContain("p1");
        }
    }
}
