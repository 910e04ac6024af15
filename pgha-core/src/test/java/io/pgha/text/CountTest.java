package io.pgha.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CountTest {
    @ParameterizedTest
    @CsvSource({"0, 0 stages", "1, 1 stage", "2, 2 stages"})
    void oneIsNoMany(int number, String text) {
        assertThat(Count.of(number, "stage")).isEqualTo(text);
    }
}
