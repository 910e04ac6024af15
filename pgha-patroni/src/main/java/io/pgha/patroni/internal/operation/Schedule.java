package io.pgha.patroni.internal.operation;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Optional;

/** Says what to do about a time that was refused. Stateless. */
final class Schedule {
    private static final String LATER =
            "give a time in the future, with the offset of its zone; what counts is the clock of the member.";

    private Schedule() {}

    /** Returns what to do where something was refused: where its time is past, to give another. */
    static String remedy(Optional<OffsetDateTime> at, Clock clock, String otherwise) {
        return at.filter(time -> !time.toInstant().isAfter(clock.instant()))
                .map(time -> LATER)
                .orElse(otherwise);
    }
}
