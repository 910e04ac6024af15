package io.pgha.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.model.InvalidConfigException;
import io.pgha.model.maintenance.Closure;
import io.pgha.model.maintenance.MaintenanceConfig;
import io.pgha.testing.MovableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MaintenanceGateTest {
    private static final MaintenanceConfig OFFICE =
            MaintenanceConfig.builder().zone("UTC").closed("09:00", "15:00").build();

    private final MovableClock clock = new MovableClock("2027-01-04T12:00:00Z");
    private final MaintenanceGate gate = MaintenanceGate.of(OFFICE, clock);

    @Test
    void theOpenGateLetsEverythingPass() throws Exception {
        MaintenanceGate open = MaintenanceGate.open();
        assertThat(open.closed()).isEmpty();
        MaintenanceGate.Pass pass = open.enter("The restart", WhenClosed.refuse());
        pass.check("The restart");
        assertThat(pass).hasToString("The restart: may pass while maintenance is open");
    }

    @Test
    void anInterruptionIsJudgedByItsOwnMoment() {
        MaintenanceGate.Pass pass = gate.pass("The switchover", WhenClosed.refuse());
        pass.check("The switchover", Instant.parse("2027-01-04T15:00:00Z"));
        assertThatThrownBy(() -> pass.check("The switchover", Instant.parse("2027-01-04T14:59:59Z")))
                .isInstanceOf(MaintenanceClosedException.class)
                .hasMessageContaining(
                        "The switchover would interrupt the service, and maintenance is closed until 15:00 UTC");
        clock.set("2027-01-04T15:00:00Z");
        pass.check("The switchover");
        assertThat(pass.overridden()).isEmpty();
    }

    @Test
    void anOverrideIsToldOnlyWhereItWasNeeded() {
        MaintenanceGate.Pass pass = gate.pass("The restart", WhenClosed.override("disk fails"));
        assertThat(pass.overridden()).isEmpty();
        pass.check("The restart");
        assertThat(pass.overridden()).contains("disk fails");
        assertThat(pass).hasToString("The restart: may pass while maintenance is open; overridden: disk fails");
    }

    /** The clock moves on at each look, of which every pause and every question takes one. */
    @Test
    void aWaitIsToldOnceAndEndsAtTheOpening() throws Exception {
        clock.set("2027-01-04T14:59:57Z");
        List<Closure> told = new ArrayList<>();
        AtomicInteger looks = new AtomicInteger();
        MaintenanceGate waiting = MaintenanceGate.of(OFFICE, () -> {
            looks.incrementAndGet();
            Instant now = clock.instant();
            clock.advance(Duration.ofMillis(500));
            return now;
        });
        waiting.enter("The restart", WhenClosed.atNextOpening(), told::add);

        assertThat(told)
                .singleElement()
                .extracting(Closure::openingText)
                .asString()
                .contains("15:00");
        assertThat(looks).hasValue(8);
    }

    @Test
    void closedTimesThatAreNoneAreRefused() {
        MaintenanceConfig never =
                MaintenanceConfig.builder().zone("UTC").closed("09:00", "09:00").build();
        assertThatThrownBy(() -> MaintenanceGate.of(never, clock)).isInstanceOf(InvalidConfigException.class);
    }
}
