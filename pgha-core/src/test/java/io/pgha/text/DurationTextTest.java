package io.pgha.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationTextTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 ms",
        "250, 250 ms",
        "999, 999 ms",
        "1000, 1 s",
        "1049, 1 s",
        "1500, 1.5 s",
        "5080, 5.1 s",
        "9960, 10 s",
        "120000, 120 s"
    })
    void fewMillisecondsAreCountedAndManySecondsAreNot(long millis, String text) {
        assertThat(DurationText.of(Duration.ofMillis(millis))).isEqualTo(text);
    }
}
