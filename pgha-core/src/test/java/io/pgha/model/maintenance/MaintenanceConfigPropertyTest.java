package io.pgha.model.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.model.ClusterConfig;
import io.pgha.model.ConfigCodec;
import io.pgha.model.Configs;
import io.pgha.model.internal.rule.Problems;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Compares with the plain reading of the clock on the wall, in zones whose clocks do everything that clocks do. */
class MaintenanceConfigPropertyTest {
    private static final Instant FIRST = Instant.parse("2005-01-01T00:00:00Z");

    /** A time that the clocks show twice is closed when either is; all others are as the clock on the wall says. */
    @Property(tries = 1500, edgeCases = EdgeCasesMode.NONE)
    void closesAsTheClockOnTheWallSays(@ForAll("configs") MaintenanceConfig config, @ForAll("moments") Moment moment) {
        Instant at = moment.in(zone(config));
        LocalDateTime wall = at.atZone(zone(config)).toLocalDateTime();
        boolean closed = config.closedAt(at).isPresent();
        if (onTheWall(config, wall)) {
            assertThat(closed).isTrue();
        } else if (zone(config).getRules().getValidOffsets(wall).size() == 1) {
            assertThat(closed).isFalse();
        }
    }

    @Property(tries = 1500, edgeCases = EdgeCasesMode.NONE)
    void theOpeningIsTheFirstOpenMoment(
            @ForAll("configs") MaintenanceConfig config,
            @ForAll("moments") Moment moment,
            @ForAll @IntRange(max = 999) int part) {
        Instant at = moment.in(zone(config));
        Instant opening = config.nextOpening(at);
        assertThat(config.closedAt(opening)).isEmpty();
        if (!opening.equals(at)) {
            assertThat(opening).isAfter(at).isBefore(at.plus(Duration.ofDays(16)));
            assertThat(config.closedAt(opening.minusNanos(1))).isPresent();
            Duration some = Duration.between(at, opening).multipliedBy(part).dividedBy(1000);
            assertThat(config.closedAt(at.plus(some)))
                    .hasValueSatisfying(
                            closure -> assertThat(closure.opening().toInstant()).isEqualTo(opening));
        }
    }

    @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
    void readsBackAsItWas(@ForAll("configs") MaintenanceConfig maintenance) {
        ClusterConfig config = Configs.lab().maintenance(maintenance).build();
        String yaml = ConfigCodec.yaml().write(config);
        assertThat(ConfigCodec.yaml().read(yaml)).as(yaml).isEqualTo(config);
    }

    private static ZoneId zone(MaintenanceConfig config) {
        return config.zone().orElseThrow();
    }

    private static boolean onTheWall(MaintenanceConfig config, LocalDateTime wall) {
        return config.closed().stream()
                .anyMatch(time -> begins(config, time, wall.toLocalDate(), wall)
                        || begins(config, time, wall.toLocalDate().minusDays(1), wall));
    }

    private static boolean begins(MaintenanceConfig config, ClosedTime time, LocalDate date, LocalDateTime wall) {
        LocalDateTime end =
                date.plusDays(time.to().isAfter(time.from()) ? 0 : 1).atTime(time.to());
        return !config.holidays().contains(date)
                && (time.days().isEmpty() || time.days().contains(date.getDayOfWeek()))
                && !wall.isBefore(date.atTime(time.from()))
                && wall.isBefore(end);
    }

    /** Some minutes after a day since 2005, or around one of a zone's clock changes. */
    record Moment(int days, int minutes, Near near) {
        enum Near {
            ANYTHING,
            CLOCK_CHANGE
        }

        Instant in(ZoneId zone) {
            Instant day = FIRST.plus(Duration.ofDays(days));
            ZoneOffsetTransition change = zone.getRules().nextTransition(day);
            Instant base = near == Near.CLOCK_CHANGE && change != null ? change.getInstant() : day;
            return base.plus(Duration.ofMinutes(minutes));
        }
    }

    @Provide
    Arbitrary<Moment> moments() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 9000),
                        Arbitraries.integers().between(-1500, 1500),
                        Arbitraries.of(Moment.Near.class))
                .as(Moment::new);
    }

    @Provide
    Arbitrary<MaintenanceConfig> configs() {
        Arbitrary<String> zones = Arbitraries.of(
                "UTC",
                "Asia/Tokyo",
                "Asia/Tehran",
                "Europe/Berlin",
                "America/New_York",
                "America/Sao_Paulo", // changes at midnight
                "Australia/Lord_Howe", // by half an hour
                "Pacific/Apia"); // skipped 2011-12-30
        Arbitrary<LocalTime> times =
                Arbitraries.integers().between(0, 287).map(fives -> LocalTime.MIDNIGHT.plusMinutes(5L * fives));
        Arbitrary<ClosedTime> closed = Combinators.combine(
                        times, times, Arbitraries.of(DayOfWeek.class).set().ofMaxSize(7))
                .as((from, to, days) ->
                        ClosedTime.builder().from(from).to(to).days(days).build())
                .filter(time -> !time.from().equals(time.to()));
        Arbitrary<List<LocalDate>> holidays = Arbitraries.integers()
                .between(0, 9000)
                .map(days -> LocalDate.of(2005, 1, 1).plusDays(days))
                .list()
                .ofMaxSize(400);
        return Combinators.combine(zones, closed.list().ofMinSize(1).ofMaxSize(3), holidays)
                .as((zone, list, dates) -> MaintenanceConfig.builder()
                        .zone(zone)
                        .closed(list)
                        .holidays(dates)
                        .build())
                .filter(MaintenanceConfigPropertyTest::valid);
    }

    private static boolean valid(MaintenanceConfig config) {
        Problems problems = new Problems();
        MaintenanceRules.check(config, problems);
        return problems.isEmpty();
    }
}
