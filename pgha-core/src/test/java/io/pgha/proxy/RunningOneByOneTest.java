package io.pgha.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.pgha.model.Node;
import io.pgha.spi.RollingPolicy;
import io.pgha.spi.StepContext;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RunningOneByOneTest {
    private final List<Node> nodes = Proxies.six().build().haproxyNodes();

    private Set<Node> next(String first, String second, String third) throws InterruptedException {
        StepContext context = mock(StepContext.class);
        when(context.observe(any(), any())).thenReturn(first, second, third);
        return RollingPolicy.oneByOneWhereRunning("haproxy").next(new LinkedHashSet<>(nodes), context);
    }

    @Test
    void newProxiesStartTogetherBeforeAnyOldOneIsTouched() throws Exception {
        assertThat(next("inactive", "inactive", "inactive")).isEqualTo(new LinkedHashSet<>(nodes));
        assertThat(next("active", "inactive", "failed")).containsExactly(nodes.get(1), nodes.get(2));
    }

    @Test
    void runningProxiesTakeTurns() throws Exception {
        assertThat(next("active", "active", "active")).containsExactly(nodes.get(0));
    }
}
