package io.pgha.etcd.internal.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WalEndTest {
    private static WalEnd end(String state, String checkpoint, String recovery, int timeline) {
        return WalEnd.parse("""
                Database cluster state:               %s
                Latest checkpoint location:           %s
                Latest checkpoint's TimeLineID:       %d
                Minimum recovery ending location:     %s
                """.formatted(state, checkpoint, timeline, recovery));
    }

    @Test
    void theOneThatKnowsMostIsTheGreatest() {
        WalEnd primary = end("shut down", "0/5000028", "0/0", 1);
        WalEnd complete = end("shut down in recovery", "0/5000028", "0/50000A0", 1);
        WalEnd behind = end("shut down in recovery", "0/4000028", "0/4FFFFFF", 1);
        WalEnd later = end("shut down in recovery", "0/3000028", "0/3000100", 2);

        assertThat(Stream.of(behind, primary, complete, WalEnd.parse("")).max(WalEnd::compareTo))
                .hasValue(primary);
        assertThat(complete).isGreaterThan(behind);
        assertThat(end("shut down in recovery", "1/28", "1/28", 1)).isGreaterThan(complete);
        assertThat(later).isGreaterThan(primary);
    }
}
