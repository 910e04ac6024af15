package io.pgha.model.maintenance;

import static java.time.DayOfWeek.FRIDAY;
import static java.time.DayOfWeek.MONDAY;
import static java.time.DayOfWeek.SUNDAY;
import static java.time.DayOfWeek.THURSDAY;
import static java.time.DayOfWeek.TUESDAY;
import static java.time.DayOfWeek.WEDNESDAY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.Problem;
import io.pgha.model.ClusterConfig;
import io.pgha.model.ConfigCodec;
import io.pgha.model.Configs;
import io.pgha.model.InvalidConfigException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MaintenanceConfigTest {
    private static final MaintenanceConfig TOKYO = MaintenanceConfig.builder()
            .zone("Asia/Tokyo")
            .closed("09:00", "11:30", MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY)
            .closed("12:30", "15:00", MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY)
            .holiday("2026-11-23")
            .build();

    private static Optional<Instant> opening(MaintenanceConfig maintenance, String moment) {
        return maintenance
                .closedAt(OffsetDateTime.parse(moment).toInstant())
                .map(closure -> closure.opening().toInstant());
    }

    private static MaintenanceConfig berlin(String from, String to) {
        return MaintenanceConfig.builder()
                .zone("Europe/Berlin")
                .closed(from, to)
                .build();
    }

    @Test
    void byDefaultNothingIsClosed() {
        MaintenanceConfig open = Configs.lab().build().maintenance();
        assertThat(open.closedAt(Instant.EPOCH)).isEmpty();
        assertThat(open.nextOpening(Instant.EPOCH)).isEqualTo(Instant.EPOCH);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-24T08:59:59.999999999+09:00,",
        "2026-11-24T09:00:00+09:00, 2026-11-24T11:30:00+09:00",
        "2026-11-24T11:29:59.999999999+09:00, 2026-11-24T11:30:00+09:00",
        "2026-11-24T11:30:00+09:00,",
        "2026-11-24T12:30:00+09:00, 2026-11-24T15:00:00+09:00",
        "2026-11-24T15:00:00+09:00,",
        "2026-11-24T01:00:00+00:00, 2026-11-24T11:30:00+09:00", // another clock, the same moment
        "2026-11-23T10:00:00+09:00,", // the holiday
        "2026-11-22T10:00:00+09:00,", // Sunday
        "2026-11-20T10:00:00+09:00, 2026-11-20T11:30:00+09:00"
    })
    void closesFromTheBeginToBeforeTheEnd(String moment, OffsetDateTime opening) {
        assertThat(opening(TOKYO, moment))
                .isEqualTo(Optional.ofNullable(opening).map(OffsetDateTime::toInstant));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-24T21:59:00+09:00,",
        "2026-11-24T22:00:00+09:00, 2026-11-25T06:00:00+09:00",
        "2026-11-25T05:59:00+09:00, 2026-11-25T06:00:00+09:00",
        "2026-11-25T22:00:00+09:00,", // begins on Sunday and Tuesday only
        "2026-11-23T05:00:00+09:00, 2026-11-23T06:00:00+09:00", // began on Sunday, and the holiday does not end it
        "2026-11-30T05:00:00+09:00,", // would have begun on a holiday
    })
    void lastsOverMidnight(String moment, OffsetDateTime opening) {
        MaintenanceConfig night = MaintenanceConfig.builder()
                .zone("Asia/Tokyo")
                .closed("22:00", "06:00", SUNDAY, TUESDAY)
                .holiday(LocalDate.of(2026, 11, 23))
                .holiday(LocalDate.of(2026, 11, 29))
                .build();
        assertThat(opening(night, moment))
                .isEqualTo(Optional.ofNullable(opening).map(OffsetDateTime::toInstant));
    }

    @Test
    void opensBehindTheLastOfTimesThatTouch() {
        MaintenanceConfig touching = MaintenanceConfig.builder()
                .zone("Asia/Tokyo")
                .closed("08:00", "12:00")
                .closed("11:00", "14:00")
                .closed("14:00", "01:00")
                .build();
        assertThat(opening(touching, "2026-11-24T08:30:00+09:00")).contains(Instant.parse("2026-11-24T16:00:00Z"));
    }

    @ParameterizedTest
    @CsvSource({
        // 02:00 to 03:00 is skipped on 2026-03-29
        "02:15, 05:00, 2026-03-29T01:59:59+01:00,",
        "02:15, 05:00, 2026-03-29T03:00:00+02:00, 2026-03-29T05:00:00+02:00",
        "00:30, 02:15, 2026-03-29T01:59:59+01:00, 2026-03-29T03:00:00+02:00",
        "00:30, 02:15, 2026-03-29T03:00:00+02:00,",
        "02:15, 02:45, 2026-03-29T03:00:00+02:00,",
        // 02:00 to 03:00 is there twice on 2026-10-25
        "02:15, 05:00, 2026-10-25T02:15:00+02:00, 2026-10-25T05:00:00+01:00",
        "02:15, 05:00, 2026-10-25T02:05:00+01:00, 2026-10-25T05:00:00+01:00",
        "00:30, 02:15, 2026-10-25T02:14:00+02:00, 2026-10-25T02:15:00+01:00",
        "00:30, 02:15, 2026-10-25T02:30:00+02:00, 2026-10-25T02:15:00+01:00",
        "00:30, 02:15, 2026-10-25T02:15:00+01:00,",
    })
    void followsTheClocks(String from, String to, String moment, OffsetDateTime opening) {
        assertThat(opening(berlin(from, to), moment))
                .isEqualTo(Optional.ofNullable(opening).map(OffsetDateTime::toInstant));
    }

    @Test
    void saysWhatPeopleWantToRead() {
        Closure today = TOKYO.closedAt(Instant.parse("2026-11-24T05:00:00Z")).orElseThrow();
        assertThat(today).hasToString("closed until 15:00 Asia/Tokyo (12:30 to 15:00 Mon, Tue, Wed, Thu, Fri)");
        Closure tomorrow = berlin("22:00", "06:00")
                .closedAt(Instant.parse("2026-11-24T22:00:00Z"))
                .orElseThrow();
        assertThat(tomorrow).hasToString("closed until Wed 2026-11-25 06:00 Europe/Berlin (22:00 to 06:00 every day)");
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                wrong("maintenance-zone", m -> m.closed("09:00", "15:00")),
                wrong("maintenance-holidays", m -> m.holiday("2026-12-25")),
                wrong("maintenance-times", m -> m.zone("UTC").closed("09:00", "09:00")),
                wrong("maintenance-never-open", m -> m.zone("UTC").closed("00:00", "00:00")),
                wrong(
                        "maintenance-never-open",
                        m -> m.zone("UTC").closed("18:00", "06:00").closed("06:00", "18:00")),
                wrong(
                        "maintenance-never-open",
                        m -> m.zone("UTC")
                                .closed("00:00", "00:00", MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY)
                                .closed("00:00", "00:00", java.time.DayOfWeek.SATURDAY)
                                .closed("23:00", "22:00", SUNDAY)
                                .closed("00:00", "23:30", SUNDAY)));
    }

    private static Arguments wrong(String code, UnaryOperator<MaintenanceConfig.Builder> maintenance) {
        return Arguments.of(code, maintenance);
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void refusesWhatCannotBeMeant(String code, UnaryOperator<MaintenanceConfig.Builder> maintenance) {
        assertThat(Configs.codes(c -> c.maintenance(maintenance))).containsExactly(code);
        MaintenanceConfig alone = maintenance.apply(MaintenanceConfig.builder()).build();
        assertThatThrownBy(alone::validate).isInstanceOf(InvalidConfigException.class);
    }

    @Test
    void reportsEverythingAtOnce() {
        assertThat(Configs.problems(
                        c -> c.maintenance(m -> m.closed("09:00", "09:00").closed("00:00", "00:00"))))
                .extracting(Problem::code)
                .containsExactly(
                        "config.maintenance-zone", "config.maintenance-times", "config.maintenance-never-open");
    }

    @Test
    void takesAWeekWithOneOpenMinute() {
        assertThat(Configs.codes(c -> c.maintenance(m -> m.zone("UTC").closed("00:01", "00:00"))))
                .isEmpty();
        assertThat(Configs.codes(c -> c.maintenance(
                        m -> m.zone("UTC").closed("00:00", "00:00", MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY))))
                .isEmpty();
    }

    @Test
    void refusesTextsThatMeanNothing() {
        MaintenanceConfig.Builder maintenance = MaintenanceConfig.builder();
        assertThatThrownBy(() -> maintenance.zone("Asia/Tokio"))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("To fix: Write Asia/Tokyo.");
        assertThatThrownBy(() -> maintenance.closed("9", "15:00")).hasMessageContaining("\"9\" is not a time of day");
        assertThatThrownBy(() -> maintenance.holiday("25.12.")).hasMessageContaining("\"25.12.\" is not a date");
    }

    @Test
    void isReadFromYamlAndWrittenBack() {
        ClusterConfig config = ConfigCodec.yaml().read("""
                name: c
                topology:
                  nodes:
                    - {name: pg, address: 10.0.0.1, roles: [etcd, postgres]}
                maintenance:
                  zone: Asia/Tokyo
                  closed:
                    - {from: 09:00, to: "15:00", days: [monday, FRIDAY]}
                    - {from: 22:00, to: 06:00:30}
                  holidays: [2026-12-31, 2027-01-01]
                """);
        assertThat(config.maintenance())
                .isEqualTo(MaintenanceConfig.builder()
                        .zone(ZoneId.of("Asia/Tokyo"))
                        .closed("09:00", "15:00", MONDAY, FRIDAY)
                        .closed("22:00", "06:00:30")
                        .holiday("2026-12-31")
                        .holiday("2027-01-01")
                        .build());
        assertThat(ConfigCodec.yaml().read(ConfigCodec.yaml().write(config))).isEqualTo(config);
        assertThat(config.toString()).contains("maintenance.zone: Asia/Tokyo");
    }

    @Test
    void saysWhatIsWrongInYaml() {
        assertThatThrownBy(() -> ConfigCodec.yaml().read("""
                        name: c
                        topology: {nodes: [{name: pg, address: 10.0.0.1, roles: [etcd, postgres]}]}
                        maintenance:
                          zone: Asia/Tokio
                          closd: []
                          closed: [{from: nine, to: "15:00", days: [mon]}]
                          holidays: [25.12.]
                        """))
                .isInstanceOfSatisfying(
                        InvalidConfigException.class,
                        e -> assertThat(e.problems())
                                .extracting(Problem::message)
                                .containsExactly(
                                        "maintenance.zone: expected a time zone such as Asia/Tokyo, found \"Asia/Tokio\" (line 4)",
                                        "maintenance.closed[0].from: expected a time of day such as 09:00, found \"nine\" (line 6)",
                                        "maintenance.closed[0].days[0]: expected one of monday, tuesday, wednesday, thursday, friday,"
                                                + " saturday, sunday, found \"mon\" (line 6)",
                                        "maintenance.holidays[0]: expected a date such as 2027-01-01, found \"25.12.\" (line 7)",
                                        "maintenance.closd: unknown key; did you mean \"closed\"? (line 5)"));
    }
}
