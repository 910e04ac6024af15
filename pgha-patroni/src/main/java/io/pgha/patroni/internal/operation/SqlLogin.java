package io.pgha.patroni.internal.operation;

import io.pgha.secret.Secret;
import java.util.function.Supplier;

/** The user that queries connect as where they name none. Immutable; the password is fetched when it is needed. */
public record SqlLogin(String username, Supplier<Secret> password) {
    @Override
    public String toString() {
        return username;
    }
}
