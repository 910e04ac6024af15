package io.pgha.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.testing.Rehearsal;
import io.pgha.testing.ScriptedHosts;
import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PeersFirstTest {

    @Test
    void whoRunsLearnsOfTheNewOneBeforeItStarts() throws Exception {
        ClusterConfig config = Rehearsal.config().build();
        Node first = config.node("haproxy-01");
        Node second = config.node("haproxy-02");
        ScriptedHosts hosts = new ScriptedHosts(config, "trixie");
        Set<Node> both = new LinkedHashSet<>(config.haproxyNodes());
        assertThat(new PeersFirst().next(both, hosts)).containsExactly(first, second);

        hosts.answer("haproxy-02", "active:keepalived", "active");
        assertThat(new PeersFirst().next(both, hosts)).containsExactly(second);
        assertThat(new PeersFirst().next(Set.of(first), hosts)).containsExactly(first);
    }
}
