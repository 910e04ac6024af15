package io.pgha.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabConfigTest {
    @Test
    void hasSixHostsByDefault() {
        LabConfig config = LabConfig.builder().build();
        assertThat(config.hosts())
                .containsExactly(
                        entry("haproxy-01", "192.168.60.100"),
                        entry("haproxy-02", "192.168.60.101"),
                        entry("haproxy-03", "192.168.60.102"),
                        entry("postgres-01", "192.168.60.103"),
                        entry("postgres-02", "192.168.60.104"),
                        entry("postgres-03", "192.168.60.105"));
        assertThat(config.release()).isEqualTo(Release.TRIXIE);
        assertThat(config).hasToString("trixie, 6 hosts in 192.168.60.0/24");
    }

    @Test
    void hasANetworkAndADirectoryOfItsOwnForEachNumber() {
        LabConfig config = LabConfig.builder().number(9).build();
        assertThat(config.number()).isEqualTo(9);
        assertThat(config.gateway()).isEqualTo("192.168.69.1/24");
        assertThat(config.hosts())
                .containsEntry("haproxy-01", "192.168.69.100")
                .containsEntry("postgres-03", "192.168.69.105");
        assertThat(config.address(110)).isEqualTo("192.168.69.110");
        assertThat(config.prefix()).isEqualTo(24);
        assertThat(config.paths().state())
                .isNotEqualTo(LabConfig.builder().build().paths().state());
        assertThat(config.withRelease(Release.BOOKWORM)).hasToString("bookworm, 6 hosts in 192.168.69.0/24");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 10, 200})
    void refusesANumberThatNoNameHasRoomFor(int number) {
        LabConfig.Builder builder = LabConfig.builder().number(number);
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("between 0 and 9, not " + number);
    }

    @Test
    void hasTheDefaultHostsInAnotherNetwork() {
        LabConfig config = LabConfig.builder().gateway("10.9.8.1/16").build();
        assertThat(config.hosts()).containsEntry("haproxy-01", "10.9.0.100");
        assertThat(config.address(300)).isEqualTo("10.9.1.44");
    }

    @Test
    void replacesTheDefaultsByTheFirstHost() {
        LabConfig config = LabConfig.builder()
                .gateway("10.9.8.1/16")
                .host("db", "10.9.200.7")
                .build();
        assertThat(config.hosts()).containsExactly(entry("db", "10.9.200.7"));
        assertThat(config).hasToString("trixie, 1 host in 10.9.0.0/16");
    }

    @Test
    void namesAllProblemsAtOnce() {
        LabConfig.Builder builder = LabConfig.builder()
                .host("Bad_Name", "192.168.60.5")
                .host("far", "192.168.61.5")
                .host("gate", "192.168.60.1")
                .host("twin", "192.168.60.5")
                .packages(List.of("vim; rm -rf /"))
                .bootTimeout(Duration.ZERO);
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "Bad_Name", "far: 192.168.61.5", "gate: 192.168.60.1", "same address", "vim; rm", "positive");
    }

    @Test
    void refusesTheSameNameTwice() {
        LabConfig.Builder builder = LabConfig.builder().host("db", "192.168.60.5");
        assertThatThrownBy(() -> builder.host("db", "192.168.60.6")).hasMessageContaining("two hosts named db");
    }

    @Test
    void refusesDirectoriesThatOverlayCannotTake() {
        for (String path : List.of("relative/x", "/with space/x", "/a:b/x", "/a,b/x", "/", "/var")) {
            LabConfig.Builder builder = LabConfig.builder().stateDirectory(Path.of(path));
            assertThatThrownBy(builder::build).as(path).hasMessageContaining("must be absolute");
        }
    }

    @Test
    void survivesBeingRecorded() {
        LabConfig config = LabConfig.builder()
                .number(3)
                .release(Release.BOOKWORM)
                .host("b", "192.168.63.9")
                .host("a", "192.168.63.8")
                .packages(List.of("curl"))
                .bootTimeout(Duration.ofSeconds(7))
                .build();
        LabRecord record = new LabRecord(config, Instant.parse("2026-01-02T03:04:05Z"), LabStatus.Ownership.KEPT);
        LabRecord read = LabRecord.parse(record.text(), config.paths().state()).orElseThrow();
        assertThat(read.text()).isEqualTo(record.text());
        assertThat(List.copyOf(read.config().hosts().keySet())).containsExactly("b", "a");
        assertThat(read.config().number()).isEqualTo(3);
    }

    @Test
    void forgetsWhatWasRecordedBeforeTheMachineBooted() {
        String otherBoot = "11111111-2222-3333-4444-555555555555";
        LabRecord record = new LabRecord(LabConfig.builder().build(), Instant.EPOCH, LabStatus.Ownership.KEPT);
        String other = record.text().replace(Machine.bootId(), otherBoot);
        assertThat(LabRecord.parse(other, Path.of("/var/lib/x"))).isEmpty();
        MachineBefore before = new MachineBefore(new Sysctls.Before(0, 128), NetnsBefore.ABSENT);
        assertThat(MachineBefore.parse(before.text())).hasValue(before);
        assertThat(MachineBefore.parse(before.text().replace(Machine.bootId(), otherBoot)))
                .isEmpty();
        assertThat(MachineBefore.parse("")).isEmpty();
    }

    @Test
    void raisesAndRestoresOnlyWhatIsTooLow() {
        assertThat(new Sysctls.Before(0, 128).raised()).isEqualTo(new Sysctls.Before(1, 4096));
        assertThat(new Sysctls.Before(1, 8192).raised()).isEqualTo(new Sysctls.Before(1, 8192));
    }
}
