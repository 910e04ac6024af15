package io.pgha.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LabTurnTest {
    @Test
    void twoLabsTakeTurnsOnTwoCores() {
        assertThat(LabTurn.lock(0, 2)).isEqualTo(LabTurn.lock(1, 2));
        assertThat(LabTurn.lock(0, 1)).isEqualTo(LabTurn.lock(1, 1));
    }

    @Test
    void twoLabsAreTestedAtOnceOnFourCores() {
        assertThat(LabTurn.lock(0, 4)).isNotEqualTo(LabTurn.lock(1, 4));
    }
}
