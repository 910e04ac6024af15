package io.pgha.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TerminalTest {
    @Test
    void aWidthIsAPositiveNumber() {
        assertThat(Terminal.parse("132")).contains(132);
        assertThat(Terminal.parse("1")).contains(1);
        for (String none : new String[] {null, "", "0", "-1", "wide", "132 ", "999999"}) {
            assertThat(Terminal.parse(none)).as("%s", none).isEmpty();
        }
    }
}
