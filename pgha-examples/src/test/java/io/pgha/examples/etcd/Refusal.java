package io.pgha.examples.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.PgHaException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What every refusal must have: a code, the reason, and a remedy. */
final class Refusal {
    private Refusal() {}

    static void refused(ThrowingCallable call, String code, String why) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PgHaException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(why)
                .hasMessageContaining("To fix: ");
    }
}
