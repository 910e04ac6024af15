package io.pgha.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnsTest {
    private static int width(int point) {
        return Columns.of(Character.toString(point));
    }

    /** From Unicode's East Asian Width, wide and full width, with the blocks of emoji. */
    @ParameterizedTest
    @CsvSource({
        "1100, 115f",
        "231a, 231b",
        "23e9, 23f3",
        "25fd, 27bf",
        "2b1b, 2b55",
        "2e80, a4cf",
        "a960, a97c",
        "ac00, d7a3",
        "f900, faff",
        "fe10, fe6f",
        "ff00, ff60",
        "ffe0, ffe6",
        "16fe0, 1b2ff",
        "1f000, 1faff",
        "20000, 3fffd"
    })
    void aWideBlockTakesTwoColumnsAndItsNeighboursDoNot(String first, String last) {
        int from = Integer.parseInt(first, 16);
        int to = Integer.parseInt(last, 16);
        assertThat(width(from)).isEqualTo(2);
        assertThat(width(to)).isEqualTo(2);
        assertThat(width(from - 1)).isLessThan(2);
        assertThat(width(to + 1)).isLessThan(2);
    }

    @Test
    void aMarkTakesNone() {
        assertThat(Columns.of("e\u0301")).isEqualTo(1);
        assertThat(Columns.of("\u20dd")).isZero();
        assertThat(Columns.of("\u200d")).isZero();
    }

    @ParameterizedTest
    @CsvSource({"3, abc", "4, abc", "2, a…", "1, …", "0, ''", "-1, ''"})
    void aTextIsCutAtItsEnd(int room, String row) {
        assertThat(Columns.fit("abc", room)).isEqualTo(row);
    }

    @ParameterizedTest
    @CsvSource({"5, 漢語x", "4, 漢…", "3, 漢…", "2, …"})
    void halfACharacterIsNotShown(int room, String row) {
        assertThat(Columns.fit("漢語x", room)).isEqualTo(row);
    }

    @Test
    void colourTitlesAndControlCharactersTakeNoRoom() {
        assertThat(Columns.fit("\u001b[1;32mok\u001b[0m\t\u001b]0;title\u0007a\u2028b\u2029c\r\u0000", 6))
                .isEqualTo("ok abc");
    }
}
