package io.pgha.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.NullArgumentException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlineTest {
    private static final Duration LONG = Duration.ofHours(1);

    @Test
    void aDeadlineThatIsFarAwayComesNearer() throws Exception {
        Deadline deadline = Deadline.in(LONG);
        Duration first = deadline.remaining();
        while (deadline.elapsed().isZero()) {
            Thread.onSpinWait();
        }

        assertThat(deadline.passed()).isFalse();
        assertThat(deadline.limit()).isEqualTo(LONG);
        assertThat(deadline.remaining()).isLessThanOrEqualTo(first).isBetween(LONG.minusMinutes(1), LONG);
        assertThat(deadline.remainingMillis()).isBetween(3_540_000, 3_600_000);
    }

    @Test
    void aShortOnePassesAndStaysPassed() {
        Deadline deadline = Deadline.in(Duration.ofNanos(1));
        while (deadline.elapsed().toNanos() < 1) {
            Thread.onSpinWait();
        }

        assertThat(deadline.passed()).isTrue();
        assertThat(deadline.remaining()).isEqualTo(Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-0.000000001S", "PT-1H"})
    void noTimeHasPassedAtOnce(Duration limit) {
        Deadline deadline = Deadline.in(limit);

        assertThat(deadline.passed()).isTrue();
        assertThat(deadline.remaining()).isEqualTo(Duration.ZERO);
        assertThat(deadline.limit()).isEqualTo(limit);
    }

    @Test
    void asLongAsDurationsGoIsForEver() {
        Deadline deadline = Deadline.in(Duration.ofSeconds(Long.MAX_VALUE));

        assertThat(deadline.passed()).isFalse();
        assertThat(deadline.remaining()).isGreaterThan(Duration.ofDays(50_000));
        assertThat(deadline.remaining().plus(LONG).toNanos()).isPositive();
        assertThat(deadline.remainingMillis()).isEqualTo(Integer.MAX_VALUE);
        assertThat(Deadline.in(Duration.ofSeconds(Long.MIN_VALUE)).passed()).isTrue();
    }

    /** Sockets, joins and sshj's promises take zero for "without a limit". */
    @Test
    void millisecondsAreNeverNone() {
        assertThat(Deadline.in(Duration.ZERO).remainingMillis()).isEqualTo(1);
        assertThat(Deadline.in(Duration.ofNanos(1)).remainingMillis()).isEqualTo(1);
        assertThat(Deadline.in(Duration.ofDays(1)).remainingMillis()).isBetween(86_000_000, 86_400_000);
    }

    @Test
    void theEarlierOfTwoIsTaken() {
        Deadline deadline = Deadline.in(LONG);

        assertThat(deadline.atMost(LONG.multipliedBy(2))).isSameAs(deadline);
        assertThat(deadline.atMost(Duration.ofMinutes(1)).limit()).isEqualTo(Duration.ofMinutes(1));
        assertThat(deadline.atMost(Duration.ZERO).passed()).isTrue();
        assertThat(deadline.atMost(Duration.ofSeconds(-1)).passed()).isTrue();
    }

    /** What began earlier is told from its beginning: nobody has waited for the shorter limit. */
    @Test
    void whatHasPassedStaysWhatItWas() {
        Deadline passed = Deadline.in(Duration.ZERO);

        assertThat(passed.atMost(LONG)).isSameAs(passed);
    }

    @Test
    void saysHowMuchIsLeft() {
        assertThat(Deadline.in(Duration.ZERO)).hasToString("0 ms left");
        assertThat(Deadline.in(LONG).toString()).matches("3[56]\\d\\d(\\.\\d)? s left");
        assertThat(Deadline.in(Duration.ofSeconds(Long.MAX_VALUE)).toString()).endsWith(" s left");
    }

    @Test
    void nothingIsNoLimit() {
        assertThatThrownBy(() -> Deadline.in(null)).isInstanceOf(NullArgumentException.class);
        assertThatThrownBy(() -> Deadline.in(LONG).atMost(null)).isInstanceOf(NullArgumentException.class);
    }
}
