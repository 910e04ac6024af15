package io.pgha.model.maintenance;

import io.pgha.model.internal.rule.Problems;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Checks when maintenance is closed. */
final class MaintenanceRules {
    private static final long DAY = Duration.ofDays(1).toNanos();
    private static final long WEEK = 7 * DAY;

    private MaintenanceRules() {}

    static void check(MaintenanceConfig maintenance, Problems problems) {
        if (maintenance.closed().isEmpty()) {
            if (!maintenance.holidays().isEmpty()) {
                problems.add(
                        "maintenance-holidays",
                        "maintenance.holidays have no effect, because maintenance.closed names no closed time",
                        "Remove the holidays, or say when maintenance is closed: .closed(\"09:00\", \"15:00\").");
            }
            return;
        }
        if (maintenance.zone().isEmpty()) {
            problems.add(
                    "maintenance-zone",
                    "maintenance.closed names times of day, and maintenance.zone does not say on which clocks",
                    "Set maintenance.zone, for example Asia/Tokyo.");
        }
        maintenance.closed().stream()
                .filter(MaintenanceRules::ambiguous)
                .forEach(time -> problems.add(
                        "maintenance-times",
                        "A closed time from " + time.from() + " to " + time.to() + " could be a whole day or nothing",
                        "Give different times, or 00:00 to 00:00 for whole days."));
        if (neverOpen(maintenance.closed())) {
            problems.add(
                    "maintenance-never-open",
                    "maintenance.closed covers the whole week: nothing could ever be done",
                    "Leave some hours of the week open; what must be done all the same can be overridden with a reason.");
        }
    }

    private static boolean ambiguous(ClosedTime time) {
        return time.from().equals(time.to()) && !time.from().equals(LocalTime.MIDNIGHT);
    }

    /** A stretch of the week, in nanoseconds from Monday's midnight. */
    private record Stretch(long begin, long end) {}

    private static boolean neverOpen(List<ClosedTime> closed) {
        List<Stretch> stretches = new ArrayList<>();
        closed.stream().filter(time -> !ambiguous(time)).forEach(time -> {
            for (DayOfWeek day : DayOfWeek.values()) {
                if (time.days().isEmpty() || time.days().contains(day)) {
                    add(stretches, (day.getValue() - 1) * DAY + time.from().toNanoOfDay(), length(time));
                }
            }
        });
        stretches.sort(Comparator.comparingLong(Stretch::begin));
        long covered = 0;
        for (Stretch stretch : stretches) {
            if (stretch.begin() > covered) {
                return false;
            }
            covered = Math.max(covered, stretch.end());
        }
        return covered >= WEEK;
    }

    private static long length(ClosedTime time) {
        long difference = time.to().toNanoOfDay() - time.from().toNanoOfDay();
        return difference > 0 ? difference : difference + DAY;
    }

    /** Sunday night goes on at the week's begin. */
    private static void add(List<Stretch> stretches, long begin, long length) {
        stretches.add(new Stretch(begin, begin + length));
        if (begin + length > WEEK) {
            stretches.add(new Stretch(0, begin + length - WEEK));
        }
    }
}
