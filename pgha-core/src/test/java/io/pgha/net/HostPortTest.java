package io.pgha.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.NullArgumentException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostPortTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.1, 10.0.0.1:2379",
        "db.example, db.example, db.example:2379",
        "fd00::1, [fd00::1], [fd00::1]:2379",
        "fe80::1%eth0, [fe80::1%eth0], [fe80::1%eth0]:2379"
    })
    void onlyAnIpv6AddressNeedsBrackets(String host, String bracketed, String text) {
        HostPort place = new HostPort(host, 2379);

        assertThat(place.bracketed()).isEqualTo(bracketed);
        assertThat(place).hasToString(text);
    }

    @Test
    void aHostOutOfAUriIsTheSameOne() {
        URI uri = URI.create("https://[fd00::1]:2379/v3");

        HostPort place = new HostPort(uri.getHost(), uri.getPort());

        assertThat(place).isEqualTo(new HostPort("fd00::1", 2379)).hasToString("[fd00::1]:2379");
        assertThat(URI.create("https://" + place + "/v3")).isEqualTo(uri);
    }

    @Test
    void nobodyIsAskedForAnAddress() {
        InetSocketAddress address = new HostPort("no.such.host.example", 2379).unresolved();

        assertThat(address.isUnresolved()).isTrue();
        assertThat(HostPort.of(address)).isEqualTo(new HostPort("no.such.host.example", 2379));
        assertThat(HostPort.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)))
                .hasToString("localhost:1");
    }

    @Test
    void noHostIsRefused() {
        assertThatThrownBy(() -> new HostPort(null, 2379)).isInstanceOf(NullArgumentException.class);
    }
}
