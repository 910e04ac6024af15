package io.pgha.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.host.Probe;
import io.pgha.plan.Impact;
import io.pgha.spi.Observation;
import io.pgha.spi.Reaction;
import io.pgha.spi.Trigger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @Test
    void saysWhatAReloadDoesToItsUsersAndNothingOfTheKindElsewhere() {
        ServiceResource proxy = ServiceResource.unit("haproxy")
                .reloadEffect("open sessions stay")
                .build();
        List<Trigger> reload = List.of(new Trigger("a changes", Reaction.RELOAD));
        List<Trigger> restart = List.of(new Trigger("a changes", Reaction.RESTART));

        assertThat(proxy.diff(new Observation("active yes no enabled none", reload))
                        .orElseThrow()
                        .reason())
                .isEqualTo("a changes, open sessions stay");
        assertThat(proxy.diff(new Observation("active yes no enabled none", restart))
                        .orElseThrow()
                        .reason())
                .isEqualTo("a changes");
        assertThat(proxy.diff(new Observation("inactive yes no enabled none", reload))
                        .orElseThrow()
                        .reason())
                .isEqualTo("is inactive, a changes");
    }

    /** In place of the program, what systemd 252 prints of these units. */
    @ParameterizedTest
    @CsvSource({
        "chrony,inactive no no enabled none",
        "chronyd,inactive no no enabled none",
        "etcd,active yes yes disabled none",
        "nonexistent,inactive no no  none",
        "unasked,unknown    none"
    })
    void eachServiceFindsItsOwnParagraph(String unit, String state) {
        Probe probe = ServiceResource.unit(unit).build().probe();
        String printed = """
                Names=chrony.service chronyd.service
                ActiveState=inactive
                UnitFileState=enabled
                NeedDaemonReload=no
                ConditionResult=no
                Job=0

                Names=etcd.service etcd2.service
                ActiveState=active
                UnitFileState=disabled
                NeedDaemonReload=yes
                ConditionResult=yes

                Names=nonexistent.service
                ActiveState=inactive
                UnitFileState=
                NeedDaemonReload=no
                ConditionResult=no
                """;
        assertThat(probe.batches().get(0).arguments()).containsExactly(unit);
        assertThat(probe.reading().orElseThrow().apply(List.of(printed, ""))).isEqualTo(state);
        assertThat(ServiceResource.unit(unit).build().diff(Observation.of(state)))
                .as("none of them is as it should be")
                .isPresent();
    }

    /**
     * Behind a queued restart the old process would be found on its way out, and the step taken for one that did not
     * hold.
     */
    @Test
    void aRestartThatIsNotWaitedForWaitsForTheStopAtLeast() {
        Observation changed =
                new Observation("active yes no enabled none", List.of(new Trigger("a changes", Reaction.RESTART)));
        ServiceResource etcd = ServiceResource.unit("etcd")
                .start(ServiceResource.Start.NO_BLOCK)
                .build();

        assertThat(etcd.act(changed).command().script())
                .contains("RESTART) { systemctl stop \"$unit\" && systemctl start --no-block \"$unit\"; } ||");
        assertThat(service.act(changed).command().script()).contains("RESTART) systemctl restart \"$unit\" ||");
    }
}
