package io.pgha.patroni.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgha.model.patroni.SynchronousMode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SynchronousTextTest {
    @ParameterizedTest
    @EnumSource
    void whatIsWrittenIsReadAgain(SynchronousMode mode) {
        assertThat(SynchronousText.read(json(SynchronousText.of(mode)))).contains(mode);
    }

    @ParameterizedTest
    @CsvSource({"on, ON", "YES, ON", "1, ON", "true, ON", "off, OFF", "0, OFF", "Quorum, QUORUM"})
    void whatSomebodyElseHasWrittenIsWhatPatroniTakesItFor(String text, SynchronousMode mode) {
        assertThat(SynchronousText.read(json(text))).contains(mode);
    }

    @ParameterizedTest
    @ValueSource(strings = {"priority", "", "2"})
    void aWordThatPatroniDoesNotKnowIsNoMode(String text) {
        assertThat(SynchronousText.read(json(text))).isEmpty();
    }

    @Test
    void neitherIsNothingNorAMap() {
        assertThat(SynchronousText.read(ConfigText.tree(Map.of()).path("synchronous_mode")))
                .isEmpty();
        assertThat(SynchronousText.read(json(Map.of("quorum", true)))).isEmpty();
    }

    private static JsonNode json(Object value) {
        return ConfigText.tree(Map.of("synchronous_mode", value)).path("synchronous_mode");
    }
}
