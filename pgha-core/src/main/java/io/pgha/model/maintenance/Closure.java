package io.pgha.model.maintenance;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Says that maintenance is closed at a moment, why, and until when. Immutable; {@code toString} is the line that people
 * see.
 *
 * @param at the moment
 * @param by the closed time that covers it; the first in the configuration's order
 * @param opening when maintenance opens next, in the configuration's time zone
 */
public record Closure(ZonedDateTime at, ClosedTime by, ZonedDateTime opening) {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("EEE yyyy-MM-dd ", Locale.ROOT);

    /**
     * Returns when maintenance opens next, as people say it.
     *
     * @return for example {@code 15:00 Asia/Tokyo}, with the date in front where that is another day
     */
    public String openingText() {
        String day = opening.toLocalDate().equals(at.toLocalDate()) ? "" : DAY.format(opening);
        return day + opening.toLocalTime() + " " + opening.getZone();
    }

    @Override
    public String toString() {
        return "closed until " + openingText() + " (" + by + ")";
    }
}
