package io.pgha.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.plan.Change;
import io.pgha.plan.FileDiff;
import io.pgha.spi.Observation;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskedFileTest {
    private static final String WANTED = """
            # Written by pgha.
            defaults
                timeout client 1800s
            listen stats
                stats enable
                stats auth 'admin:wanted-4711'
                server pg1 10.0.0.1:5432 check
            """;

    private static FileResource file() {
        return FileResource.at("/etc/haproxy/haproxy.cfg")
                .content(WANTED)
                .secretsBehind(LineMask.of("stats auth"))
                .build();
    }

    private static String observed(String text) {
        return "644 root:root\n" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String diff(String found) {
        return file().diff(Observation.of(observed(found)))
                .flatMap(Change::diff)
                .map(FileDiff::toString)
                .orElse("");
    }

    @Test
    void showsWhatChangesWithoutTheSecrets() {
        assertThat(diff(WANTED.replace("1800s", "3600s")))
                .contains("-    timeout client 3600s", "+    timeout client 1800s")
                .doesNotContain("4711");
        assertThat(diff(WANTED)).isEmpty();
    }

    @Test
    void showsThatASecretChangesAndNothingElseOfIt() {
        assertThat(diff(WANTED.replace("wanted-4711", "a-longer-old-one")))
                .contains("-    stats auth ****\n", "+    stats auth **** (changed)\n")
                .doesNotContain("4711", "longer", "admin");
    }

    @Test
    void aNewFileIsShownWithItsSecretsCovered() {
        assertThat(file().diff(Observation.of("absent")).flatMap(Change::diff).map(FileDiff::toString))
                .hasValueSatisfying(shown ->
                        assertThat(shown).contains("+    stats auth ****").doesNotContain("4711", "changed"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "    stats auth admin:OLD",
                "stats\t auth \"admin:OLD\"",
                "    stats \"auth\" admin:OLD",
                "    stats auth \\\n   admin:OLD",
                "    # stats auth admin:OLD",
                "    user admin password OLD",
                "    setenv PASSWORD OLD",
                "    http-check send hdr Authorization \"Basic OLD\"",
                "    server pg9 10.0.0.9:5432 check password OLD",
                "OLD",
                "    stats auth admin:\r\n    OLD",
                "    stats auth admin:OLD\n    timeout OLD 5s",
            })
    void whatStoodThereBeforeIsNeverShown(String line) {
        assertThat(diff(WANTED + line + "\n")).doesNotContain("OLD").contains("****");
    }

    @Test
    void nothingPrintsTheContentThatWasLookedAt() {
        Observation seen = Observation.of(observed(WANTED));
        String base64 = Base64.getEncoder().encodeToString(WANTED.getBytes(StandardCharsets.UTF_8));
        FileResource file = file();

        assertThat(seen.toString() + file + file.act(seen) + file.diff(Observation.of(observed("x"))))
                .doesNotContain("4711", base64);
    }

    @Property(tries = 200)
    void noSecretOfAnyKindIsShown(
            @ForAll @StringLength(min = 8, max = 30) @CharRange(from = '!', to = '~') String old) {
        String shown = diff(WANTED.replace("wanted-4711", old.replace("'", "'\\''")));

        assertThat(shown).doesNotContain(old, Base64.getEncoder().encodeToString(old.getBytes(StandardCharsets.UTF_8)));
    }
}
