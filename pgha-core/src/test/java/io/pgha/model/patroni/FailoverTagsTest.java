package io.pgha.model.patroni;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class FailoverTagsTest {
    @Test
    void whoHasNoSuchTagMayLead() {
        assertThat(FailoverTags.barring(Map.of())).isEmpty();
        assertThat(FailoverTags.barring(Map.of("nosync", true, "failover_priority", "2")))
                .isEmpty();
        assertThat(FailoverTags.priority(Map.of())).isEqualTo(1);
    }

    /** In a configuration they have types; Patroni's answers are read as text. */
    @Test
    void eitherTagBars() {
        assertThat(FailoverTags.barring(Map.of("nofailover", true))).contains("tag nofailover");
        assertThat(FailoverTags.barring(Map.of("nofailover", "true"))).contains("tag nofailover");
        assertThat(FailoverTags.barring(Map.of("failover_priority", 0))).contains("tag failover_priority 0");
        assertThat(FailoverTags.barring(Map.of("failover_priority", "-3"))).contains("tag failover_priority -3");
    }

    @Test
    void nofailoverDecidesWhereBothAreGiven() {
        assertThat(FailoverTags.barring(Map.of("nofailover", false, "failover_priority", 0)))
                .isEmpty();
        assertThat(FailoverTags.barring(Map.of("nofailover", true, "failover_priority", 5)))
                .contains("tag nofailover");
    }

    @Test
    void whatIsNoNumberCountsAsNotGiven() {
        assertThat(FailoverTags.priority(Map.of("failover_priority", "high"))).isEqualTo(1);
        assertThat(FailoverTags.priority(Map.of("failover_priority", "7"))).isEqualTo(7);
    }
}
