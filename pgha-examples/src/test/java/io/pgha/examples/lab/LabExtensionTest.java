package io.pgha.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class LabExtensionTest {
    private static final Optional<String> NO_ROOT = Optional.of("the lab needs root");

    @Test
    void skipsWhereThereIsAnObstacle() {
        assertThat(LabExtension.reasonToSkip("auto", NO_ROOT)).isEqualTo(NO_ROOT);
        assertThat(LabExtension.reasonToSkip("auto", Optional.empty())).isEmpty();
    }

    @Test
    void doesNotSkipWhereTheLabIsRequired() {
        assertThat(LabExtension.reasonToSkip("required", NO_ROOT)).isEmpty();
        assertThat(LabExtension.reasonToSkip("full", NO_ROOT)).isEmpty();
    }

    @Test
    void skipsWhenSwitchedOff() {
        assertThat(LabExtension.reasonToSkip("off", Optional.empty())).hasValue("-Dpgha.lab=off");
    }

    @Test
    void refusesAnUnknownMode() {
        assertThatThrownBy(() -> LabExtension.reasonToSkip("yes", Optional.empty()))
                .hasMessageContaining("auto, required, full or off");
    }
}
