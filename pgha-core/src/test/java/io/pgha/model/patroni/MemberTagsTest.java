package io.pgha.model.patroni;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class MemberTagsTest {
    @Test
    void whoHasNoSuchTagMayLead() {
        assertThat(MemberTags.barring(Map.of())).isEmpty();
        assertThat(MemberTags.barring(Map.of("nosync", true, "failover_priority", "2")))
                .isEmpty();
        assertThat(MemberTags.priority(Map.of())).isEqualTo(1);
    }

    /** In a configuration they have types; Patroni's answers are read as text. */
    @Test
    void eitherTagBars() {
        assertThat(MemberTags.barring(Map.of("nofailover", true))).contains("tag nofailover");
        assertThat(MemberTags.barring(Map.of("nofailover", "true"))).contains("tag nofailover");
        assertThat(MemberTags.barring(Map.of("failover_priority", 0))).contains("tag failover_priority 0");
        assertThat(MemberTags.barring(Map.of("failover_priority", "-3"))).contains("tag failover_priority -3");
    }

    @Test
    void nofailoverDecidesWhereBothAreGiven() {
        assertThat(MemberTags.barring(Map.of("nofailover", false, "failover_priority", 0)))
                .isEmpty();
        assertThat(MemberTags.barring(Map.of("nofailover", true, "failover_priority", 5)))
                .contains("tag nofailover");
    }

    @Test
    void aTagIsOnOrOff() {
        assertThat(MemberTags.isOn(Map.of("nosync", true), "nosync")).isTrue();
        assertThat(MemberTags.isOn(Map.of("nosync", "true"), "nosync")).isTrue();
        assertThat(MemberTags.isOn(Map.of("nosync", false), "nosync")).isFalse();
        assertThat(MemberTags.isOn(Map.of("nosync", true), "nostream")).isFalse();
    }

    @Test
    void whatIsNoNumberCountsAsNotGiven() {
        assertThat(MemberTags.priority(Map.of("failover_priority", "high"))).isEqualTo(1);
        assertThat(MemberTags.priority(Map.of("failover_priority", "7"))).isEqualTo(7);
    }
}
