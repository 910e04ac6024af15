package io.pgha.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.plan.Impact;
import io.pgha.spi.Observation;
import io.pgha.spi.Reaction;
import io.pgha.spi.Trigger;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceResourceTest {
    private final ServiceResource service = ServiceResource.unit("haproxy").build();

    @Test
    void aServiceThatReloadsServes() {
        assertThat(service.diff(Observation.of("active yes no enabled none"))).isEmpty();
        assertThat(service.diff(Observation.of("reloading yes no enabled none")))
                .isEmpty();
        assertThat(service.diff(Observation.of("failed yes no enabled none"))).isPresent();
    }

    @Test
    void aRestartOutweighsAReload() {
        Observation both = new Observation(
                "active yes no enabled none",
                List.of(new Trigger("a changes", Reaction.RELOAD), new Trigger("b changes", Reaction.RESTART)));

        assertThat(service.diff(both).orElseThrow().impact()).isEqualTo(Impact.RESTART);
        assertThat(service.diff(Observation.of("active yes no enabled RELOAD"))
                        .orElseThrow()
                        .impact())
                .isEqualTo(Impact.RELOAD);
    }

    /** Behind a queued restart the old process would be found on its way out, and the step taken for one that did not hold. */
    @Test
    void aRestartThatIsNotWaitedForWaitsForTheStopAtLeast() {
        Observation changed =
                new Observation("active yes no enabled none", List.of(new Trigger("a changes", Reaction.RESTART)));
        ServiceResource etcd = ServiceResource.unit("etcd")
                .start(ServiceResource.Start.NO_BLOCK)
                .build();

        assertThat(etcd.act(changed).script())
                .contains("RESTART) { systemctl stop \"$unit\" && systemctl start --no-block \"$unit\"; } ||");
        assertThat(service.act(changed).script()).contains("RESTART) systemctl restart \"$unit\" ||");
    }
}
