package io.pgha.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.PgHaException;
import io.pgha.Problem;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OperationLockTest {
    private Optional<Problem> lost = Optional.empty();
    private final OperationLock.Held held = new OperationLock.Held() {
        @Override
        public Optional<Problem> lost() {
            return lost;
        }

        @Override
        public void close() {}
    };

    @Test
    void whoHasLostTheLockGoesNoFurther() {
        assertThatCode(held::check).doesNotThrowAnyException();

        lost = Optional.of(Problem.of(OperationLock.LOST, "The lock was lost: locked by ops", "Plan again."));
        assertThatThrownBy(held::check)
                .isInstanceOfSatisfying(
                        PgHaException.class, e -> assertThat(e.problem()).isEqualTo(lost.get()));
    }
}
