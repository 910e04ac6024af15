package io.pgha.patroni;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.patroni.operation.Restart;
import io.pgha.patroni.operation.Switchover;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final Instant MOMENT = Instant.parse("2030-01-01T00:00:00Z");
    private static final ZonedDateTime TOKYO = MOMENT.atZone(ZoneId.of("Asia/Tokyo"));
    private static final OffsetDateTime OFFSET = MOMENT.atOffset(ZoneOffset.ofHours(9));

    @Test
    void aSwitchoverTakesAMomentInEachForm() {
        assertThat(Switchover.builder().at(MOMENT).build().at()).hasValue(MOMENT.atOffset(ZoneOffset.UTC));
        assertThat(Switchover.builder().at(TOKYO).build().at()).hasValue(OFFSET);
        assertThat(Switchover.builder().at(OFFSET).build().at()).hasValue(OFFSET);
    }

    @Test
    void aRestartTakesAMomentInEachForm() {
        assertThat(Restart.builder().at(MOMENT).build().at()).hasValue(MOMENT.atOffset(ZoneOffset.UTC));
        assertThat(Restart.builder().at(TOKYO).build().at()).hasValue(OFFSET);
        assertThat(Restart.builder().at(OFFSET).build().at()).hasValue(OFFSET);
    }
}
