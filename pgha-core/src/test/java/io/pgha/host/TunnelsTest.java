package io.pgha.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.pgha.Problem;
import io.pgha.model.Node;
import io.pgha.model.NodeRole;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Which connections go through a machine, and how often a tunnel is opened. A machine in memory has no ports, so mocks
 * stand in.
 */
class TunnelsTest {
    private final Node node =
            Node.builder().name("pg1").address("10.0.0.1").role(NodeRole.ETCD).build();
    private final Transport transport = mock(Transport.class);
    private final RemoteHost host = mock(RemoteHost.class);
    private final Tunnel tunnel = mock(Tunnel.class);
    private final InetSocketAddress member = InetSocketAddress.createUnresolved("10.0.0.1", 2379);
    private final InetSocketAddress local = InetSocketAddress.createUnresolved("127.0.0.1", 40001);

    @Test
    void aNodesAddressGoesThroughOneTunnelAndAStrangersGoesDirectly() throws Exception {
        when(transport.connect(node)).thenReturn(host);
        when(host.forward("10.0.0.1", 2379)).thenReturn(tunnel);
        when(tunnel.localAddress()).thenReturn(local);
        InetSocketAddress stranger = InetSocketAddress.createUnresolved("10.0.0.9", 2379);
        try (Tunnels tunnels = new Tunnels(transport, List.of(node), "etcd")) {
            assertThat(tunnels.apply(member)).isEqualTo(local);
            assertThat(tunnels.apply(member)).isEqualTo(local);
            assertThat(tunnels.apply(stranger)).isEqualTo(stranger);
        }
        verify(host, times(1)).forward("10.0.0.1", 2379);
        verify(tunnel).close();
    }

    @Test
    void anInterruptIsKeptAndTold() throws Exception {
        when(transport.connect(node)).thenThrow(new InterruptedException());
        try (Tunnels tunnels = new Tunnels(transport, List.of(node), "etcd")) {
            assertThatThrownBy(() -> tunnels.apply(member))
                    .isInstanceOf(HostException.class)
                    .hasMessageContaining("Opening a tunnel to etcd")
                    .hasMessageContaining("To fix: ");
        }
        assertThat(Thread.interrupted()).isTrue();
    }

    private static HostException failure(String code) {
        return new HostException(Problem.on("pg1", code, "no way", "Make one."), null);
    }

    @Test
    void aMachineThatForbidsTunnelsIsAnErrorWhereNothingElseIsAskedFor() throws Exception {
        when(transport.connect(node)).thenReturn(host);
        when(host.forward("10.0.0.1", 2379)).thenThrow(failure(HostException.FORWARDING_FORBIDDEN));
        try (Tunnels tunnels = new Tunnels(transport, List.of(node), "etcd")) {
            assertThatThrownBy(() -> tunnels.apply(member))
                    .isInstanceOfSatisfying(
                            HostException.class,
                            e -> assertThat(e.code()).isEqualTo(HostException.FORWARDING_FORBIDDEN));
        }
        verify(host, never()).relay(anyString(), anyInt());
    }

    @Test
    void aRelayStandsInForAForbiddenTunnel() throws Exception {
        when(transport.connect(node)).thenReturn(host);
        when(host.forward("10.0.0.1", 2379)).thenThrow(failure(HostException.FORWARDING_FORBIDDEN));
        when(host.relay("10.0.0.1", 2379)).thenReturn(tunnel);
        when(tunnel.localAddress()).thenReturn(local);
        try (Tunnels tunnels = Tunnels.relayed(transport, List.of(node), "etcd")) {
            assertThat(tunnels.apply(member)).isEqualTo(local);
            assertThat(tunnels.apply(member)).isEqualTo(local);
        }
        verify(host, times(1)).relay("10.0.0.1", 2379);
        verify(tunnel).close();
    }

    @Test
    void noRelayWhereTunnelsAreAllowed() throws Exception {
        when(transport.connect(node)).thenReturn(host);
        when(host.forward("10.0.0.1", 2379)).thenReturn(tunnel);
        when(tunnel.localAddress()).thenReturn(local);
        try (Tunnels tunnels = Tunnels.relayed(transport, List.of(node), "etcd")) {
            assertThat(tunnels.apply(member)).isEqualTo(local);
        }
        verify(host, never()).relay(anyString(), anyInt());
    }

    @Test
    void noRelayForWhatElseFails() throws Exception {
        when(transport.connect(node)).thenReturn(host);
        when(host.forward("10.0.0.1", 2379)).thenThrow(failure("host.unreachable"));
        try (Tunnels tunnels = Tunnels.relayed(transport, List.of(node), "etcd")) {
            assertThatThrownBy(() -> tunnels.apply(member))
                    .isInstanceOfSatisfying(
                            HostException.class, e -> assertThat(e.code()).isEqualTo("host.unreachable"));
        }
        verify(host, never()).relay(anyString(), anyInt());
    }
}
