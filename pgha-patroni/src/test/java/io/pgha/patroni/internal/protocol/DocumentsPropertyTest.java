package io.pgha.patroni.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.patroni.Wire;
import io.pgha.patroni.internal.text.BadAnswerException;
import io.pgha.patroni.view.ClusterView;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whatever bytes come, they become a value or a bad answer, and can be printed. */
class DocumentsPropertyTest {
    private static final String GOOD = Wire.cluster(
            "4.1.4",
            ", \"pause\": true, \"scheduled_switchover\": {\"at\": \"2030-01-01T10:00:00+02:00\", \"from\": \"pg1\"}",
            Wire.Member.leader("pg1", "https://10.0.0.1:8008", 3),
            Wire.Member.replica("pg2", "https://10.0.0.2:8008", 3).tags("{\"zone\": \"a\", \"nofailover\": true}"));

    @Property(tries = 300)
    void anyBytes(@ForAll byte[] bytes) {
        readAll(bytes);
    }

    @Property(tries = 500)
    void anyCutOrChangeOfAGoodAnswer(@ForAll @IntRange(max = 1000) int at, @ForAll byte with, @ForAll boolean cut) {
        byte[] bytes = GOOD.getBytes(StandardCharsets.UTF_8);
        int place = at % bytes.length;
        bytes[place] = with;
        readAll(cut ? Arrays.copyOf(bytes, place) : bytes);
    }

    @Property(tries = 300)
    void anyTextsPrintInLines(@ForAll String name, @ForAll String role, @ForAll String state, @ForAll String tag) {
        ClusterView view = ClusterView.builder()
                .name(name)
                .member(m -> m.name(name).roleName(role).state(state).tag("t", tag))
                .build();
        assertThat(view.toString().lines()).hasSize(6);
        assertThat(view.toString().codePoints()).allMatch(c -> c == '\n' || !Character.isISOControl(c));
        assertThat(view.toString().lines().findFirst().orElseThrow()).hasSizeLessThanOrEqualTo(72);
        assertThat(view.members().get(0).toString().lines()).hasSize(1);
    }

    private static void readAll(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        try {
            assertThat(ClusterDocument.read(text).build().toString()).isNotBlank();
        } catch (BadAnswerException e) {
            assertThat(e).hasMessageMatching("[ -~]+");
        }
        try {
            assertThat(StatusDocument.read(text).state()).isNotEmpty();
        } catch (BadAnswerException e) {
            assertThat(e).hasMessageMatching("[ -~]+");
        }
        try {
            assertThat(ClusterSettings.read(text).loopWait()).isPositive();
        } catch (BadAnswerException e) {
            assertThat(e).hasMessageMatching("[ -~]+");
        }
    }
}
