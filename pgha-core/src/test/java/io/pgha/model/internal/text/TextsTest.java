package io.pgha.model.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.text.Nearest;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextsTest {
    @Property
    void quotedTextIsOneShortLine(@ForAll String text) {
        String quoted = Texts.quote(text);
        assertThat(Texts.oneLine(quoted)).isTrue();
        assertThat(quoted).startsWith("\"").endsWith("\"").hasSizeLessThan(700);
    }

    @Test
    void quotedTextShowsWhatItHides() {
        assertThat(Texts.quote("a\nb\u2028")).isEqualTo("\"a\\u000ab\\u2028\"");
        assertThat(Texts.quote("x".repeat(81))).isEqualTo("\"" + "x".repeat(80) + "…\"");
    }

    @ParameterizedTest
    @CsvSource({
        "250ms,PT0.25S",
        "10s,PT10S",
        "30min,PT30M",
        "30m,PT30M",
        "1h,PT1H",
        "365d,P365D",
        "1us,PT0.000001S",
        "7ns,PT0.000000007S",
        "0s,PT0S",
        "-1s,PT-1S"
    })
    void durationsReadAsPeopleWriteThem(String text, Duration duration) {
        assertThat(DurationText.parse(text)).contains(duration);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10",
                "s",
                "1.5s",
                "10 s",
                "1h30m",
                "10S",
                "P1D",
                "999999999999999999d",
                "9999999999999999999s"
            })
    void otherTextIsNoDuration(String text) {
        assertThat(DurationText.parse(text)).isEmpty();
    }

    @Property
    void durationsReadBack(@ForAll @LongRange(min = -9_000_000_000_000_000L, max = 9_000_000_000_000_000L) long nanos) {
        for (Duration duration : new Duration[] {
            Duration.ofNanos(nanos),
            Duration.ofMillis(nanos / 1_000_000),
            Duration.ofSeconds(nanos / 1_000_000),
            Duration.ofHours(nanos % 9999)
        }) {
            assertThat(DurationText.parse(DurationText.of(duration))).contains(duration);
        }
    }

    @ParameterizedTest
    @CsvSource({"adress,address", "nam,name", "clientport,client_port", "maxconnections,max_connections"})
    void nearestWordIsFound(String word, String expected) {
        assertThat(Nearest.of(word, ConfigShapesKeys.ALL)).contains(expected);
    }

    @Test
    void farWordsAreNotGuessed() {
        assertThat(Nearest.of("xyzzy", ConfigShapesKeys.ALL)).isEmpty();
    }

    private static final class ConfigShapesKeys {
        private static final java.util.List<String> ALL =
                java.util.List.of("name", "address", "client_port", "peer_port", "max_connections");
    }
}
