package io.pgha.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class OperationTest {
    @Test
    void itsTextTellsHowFarItIs() {
        assertThat(new Operation<>(() -> "switched")).hasToString("Under way; join() waits for its end");
        assertThat(done(() -> "switched")).hasToString("Done: switched");
        assertThat(done(() -> {
                    throw new IllegalStateException("no leader");
                }))
                .hasToString("Failed; join() tells why");
    }

    private static Operation<String> done(Callable<String> work) {
        Operation<String> operation = new Operation<>(work);
        operation.startOn(Runnable::run);
        return operation;
    }
}
