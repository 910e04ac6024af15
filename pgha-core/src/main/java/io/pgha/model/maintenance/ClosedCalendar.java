package io.pgha.model.maintenance;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Finds which closed time covers a moment. A closed time that begins on a date is one stretch of time, whatever the
 * clocks do meanwhile. Immutable.
 */
final class ClosedCalendar {
    /** A stretch that covers a moment began at most one date before, or two where a zone skipped a date in between. */
    private static final int DAYS_BACK = 2;

    private final MaintenanceConfig config;
    private final ZoneId zone;
    private final ZoneRules rules;

    ClosedCalendar(MaintenanceConfig config) {
        config.validate();
        this.config = config;
        this.zone = config.zone().orElseThrow(() -> new IllegalStateException("Validation lets no zone be missing"));
        this.rules = zone.getRules();
    }

    /** From its begin to before its end; empty where a zone skipped all of it. */
    private record Stretch(ClosedTime by, Instant begin, Instant end) {
        boolean covers(Instant moment) {
            return !moment.isBefore(begin) && moment.isBefore(end);
        }
    }

    Optional<Closure> closedAt(Instant moment) {
        List<Stretch> now = covering(moment);
        if (now.isEmpty()) {
            return Optional.empty();
        }
        Instant opening = moment;
        for (List<Stretch> next = now; !next.isEmpty(); next = covering(opening)) {
            opening = next.stream()
                    .map(Stretch::end)
                    .max(Comparator.naturalOrder())
                    .orElse(opening);
        }
        return Optional.of(new Closure(moment.atZone(zone), now.get(0).by(), opening.atZone(zone)));
    }

    private List<Stretch> covering(Instant moment) {
        LocalDate today = moment.atZone(zone).toLocalDate();
        return config.closed().stream()
                .flatMap(time -> stretches(time, today))
                .filter(stretch -> stretch.covers(moment))
                .toList();
    }

    private Stream<Stretch> stretches(ClosedTime time, LocalDate today) {
        return today.minusDays(DAYS_BACK)
                .datesUntil(today.plusDays(2))
                .filter(date -> time.days().isEmpty() || time.days().contains(date.getDayOfWeek()))
                .filter(date -> !config.holidays().contains(date))
                .map(date -> new Stretch(time, begin(date.atTime(time.from())), end(date, time)));
    }

    private Instant begin(LocalDateTime local) {
        return at(local, ZoneOffsetTransition::getOffsetBefore);
    }

    private Instant end(LocalDate date, ClosedTime time) {
        LocalDate last = time.to().isAfter(time.from()) ? date : date.plusDays(1);
        return at(last.atTime(time.to()), ZoneOffsetTransition::getOffsetAfter);
    }

    /** A time that the clocks skip is the moment of the change; of one that they show twice the caller chooses. */
    private Instant at(LocalDateTime local, Function<ZoneOffsetTransition, ZoneOffset> ofTwo) {
        ZoneOffsetTransition change = rules.getTransition(local);
        if (change == null) {
            return local.toInstant(rules.getOffset(local));
        }
        return change.isGap() ? change.getInstant() : local.toInstant(ofTwo.apply(change));
    }
}
