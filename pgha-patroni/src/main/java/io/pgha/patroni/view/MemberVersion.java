package io.pgha.patroni.view;

import io.pgha.patroni.internal.text.Text;
import java.util.Optional;

/**
 * The software of one member. Immutable.
 *
 * @param member the member's name
 * @param patroni Patroni's version, for example {@code 4.0.7}; empty where the member gives no answer
 * @param postgres the version of the running PostgreSQL, for example {@code 17.6}; empty where it does not run
 * @param failure why the member gives no answer; empty where it does
 */
public record MemberVersion(String member, Optional<String> patroni, Optional<String> postgres, String failure) {

    /** Returns the line that {@code patronictl version} prints. */
    @Override
    public String toString() {
        return Text.printable(
                failure.isEmpty()
                        ? member + ": Patroni " + patroni.orElse("unknown")
                                + postgres.map(version -> " PostgreSQL " + version)
                                        .orElse("")
                        : member + ": failed to get version: " + failure);
    }
}
