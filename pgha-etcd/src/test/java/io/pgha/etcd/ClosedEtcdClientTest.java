package io.pgha.etcd;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ClosedEtcdClientTest {
    @Test
    void neitherCallsNorFuturesBegin() {
        EtcdClient client = Etcd.client(c -> c.endpoint("http://127.0.0.1:1"));
        client.close();

        assertClosed(client::status);
        assertClosed(client::statusAsync);
        assertClosed(client.dcs("/service", "main")::viewAsync);
    }

    private static void assertClosed(ThrowingCallable call) {
        assertThatExceptionOfType(EtcdException.class)
                .isThrownBy(call)
                .returns(EtcdException.CLOSED, EtcdException::code);
    }
}
