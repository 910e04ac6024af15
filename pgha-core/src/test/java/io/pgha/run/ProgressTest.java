package io.pgha.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgressTest {
    @Test
    void thePartThatIsDone() {
        assertThat(new Progress(3, 12).fraction()).isEqualTo(0.25);
        assertThat(new Progress(0, 12).fraction()).isZero();
        assertThat(new Progress(0, 0).fraction()).isEqualTo(1);
        assertThat(new Progress(3, 12)).hasToString("3 of 12 steps");
    }
}
