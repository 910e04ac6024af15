package io.pgha.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class LabExtensionTest {
    private static final Optional<String> NO_ROOT = Optional.of("the lab needs root");

    @Test
    void skipsWhereThereIsAnObstacle() {
        assertThat(LabExtension.reasonToSkip("auto", "", Release.TRIXIE, NO_ROOT))
                .isEqualTo(NO_ROOT);
        assertThat(LabExtension.reasonToSkip("auto", "", Release.TRIXIE, Optional.empty()))
                .isEmpty();
    }

    @Test
    void doesNotSkipWhereTheLabIsRequired() {
        assertThat(LabExtension.reasonToSkip("required", "", Release.TRIXIE, NO_ROOT))
                .isEmpty();
    }

    @Test
    void skipsWhenSwitchedOffAndForAnotherRelease() {
        assertThat(LabExtension.reasonToSkip("off", "", Release.TRIXIE, Optional.empty()))
                .hasValue("-Dpgha.lab=off");
        assertThat(LabExtension.reasonToSkip("required", "bookworm", Release.TRIXIE, Optional.empty()))
                .hasValueSatisfying(reason -> assertThat(reason).contains("trixie", "bookworm"));
        assertThat(LabExtension.reasonToSkip("required", "trixie", Release.TRIXIE, Optional.empty()))
                .isEmpty();
    }

    @Test
    void refusesAnUnknownMode() {
        assertThatThrownBy(() -> LabExtension.reasonToSkip("yes", "", Release.TRIXIE, Optional.empty()))
                .hasMessageContaining("auto, required or off");
    }
}
