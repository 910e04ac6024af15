package io.pgha.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.PutRequest;
import io.pgha.testing.Requirement;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A real etcd of three members on this machine for each test, and a client of it. */
abstract class AgainstEtcd {
    private static final long QUOTA = 16L << 20;

    @TempDir
    Path directory;

    LocalEtcd etcd;
    EtcdClient client;

    @BeforeEach
    final void start() throws Exception {
        requireEtcd();
        etcd = LocalEtcd.start(directory, 3, QUOTA);
        client = etcd.client();
    }

    /**
     * Skips with a reason where there is no etcd; that is a failure with {@code -Dpgha.lab=required}, for which mvnw
     * fetches one.
     */
    private static void requireEtcd() {
        boolean possible = LocalEtcd.binary().isPresent();
        String reason =
                "The tests against a real etcd need its program: -Dpgha.etcd=DIRECTORY names one, and on Debian ./mvnw"
                        + " -Dpgha.lab=required fetches it";
        Requirement.met(possible, reason);
    }

    @AfterEach
    final void stop() throws Exception {
        if (client != null) {
            client.close();
            etcd.stop();
        }
    }

    final void put(String key, String value) throws InterruptedException {
        client.session()
                .rpc()
                .change(channel -> KVGrpc.newBlockingStub(channel)
                        .put(PutRequest.newBuilder()
                                .setKey(ByteString.copyFromUtf8(key))
                                .setValue(ByteString.copyFromUtf8(value))
                                .build()));
    }

    final void await(BlockingQueue<DcsView> views, Predicate<DcsView> condition) throws InterruptedException {
        DcsView view;
        do {
            view = views.poll(20, TimeUnit.SECONDS);
            assertThat(view).as("what was waited for").isNotNull();
        } while (!condition.test(view));
    }

    static void refused(ThrowingCallable call, String code, String why) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        EtcdException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(why)
                .hasMessageContaining("To fix: ");
    }
}
