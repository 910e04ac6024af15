package io.pgha.ssh.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.host.HostException;
import io.pgha.net.HostPort;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SshFailuresTest {
    private static final Peer PEER = new Peer("n1", "fd00::1", 22, "ops", List.of(), "", List.of(), Optional.empty());

    @Test
    void whatIsToldToWriteIntoSshdConfigIsWhatSshdReads() {
        HostException e =
                SshFailures.forwardingForbidden(PEER, new HostPort("fd00::1", 2379), new IOException("prohibited"));

        assertThat(e).hasMessageContaining("prohibited: [fd00::1]:2379)");
        assertThat(e.remedy()).contains("PermitOpen any or with [fd00::1]:2379 ");
    }
}
