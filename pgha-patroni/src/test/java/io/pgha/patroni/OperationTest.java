package io.pgha.patroni;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.patroni.internal.rest.Operation;
import org.junit.jupiter.api.Test;

class OperationTest {
    @Test
    void itsTextTellsHowFarItIs() {
        assertThat(new Operation<>(() -> "switched")).hasToString("Under way; join() waits for its end");
        assertThat(new Operation<>(() -> "switched").startOn(Runnable::run)).hasToString("Done: switched");
        assertThat(new Operation<String>(() -> {
                            throw new IllegalStateException("no leader");
                        })
                        .startOn(Runnable::run))
                .hasToString("Failed; join() tells why");
    }
}
