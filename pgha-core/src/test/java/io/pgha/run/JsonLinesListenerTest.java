package io.pgha.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonLinesListenerTest {
    private static final Instant NOON = Instant.parse("2027-01-04T12:00:00Z");
    private static final StepRef INSTALL =
            new StepRef(1, "operating system", "postgres-01", "install 9 packages", "missing");

    /** What has been flushed, by flush. */
    private static final class Flushed extends OutputStream {
        private final ByteArrayOutputStream held = new ByteArrayOutputStream();
        private final List<String> flushed = new ArrayList<>();

        @Override
        public void write(int b) {
            held.write(b);
        }

        @Override
        public void flush() {
            if (held.size() > 0) {
                flushed.add(held.toString(StandardCharsets.UTF_8));
                held.reset();
            }
        }
    }

    @Test
    void everyEventIsALineThatIsThereAtOnce() {
        Flushed out = new Flushed();
        RunListener json = RunListener.jsonLines(out);
        json.on(new RunEvent.RunStarted(NOON, "main", 12));
        json.on(new RunEvent.StageStarted(NOON, "etcd", 3, "one after the other"));
        json.on(new RunEvent.StepStarted(NOON, INSTALL));
        json.on(new RunEvent.StepOutput(NOON, INSTALL, "Unpacking"));
        json.on(new RunEvent.StepFinished(NOON, INSTALL, Duration.ofMillis(1234), 1));
        json.on(new RunEvent.StepFailed(NOON, INSTALL, Problem.on("postgres-01", "a.code", "It broke", "Mend it.")));
        json.on(new RunEvent.RunFinished(
                NOON,
                new RunReport(
                        "main",
                        RunReport.Outcome.DONE,
                        NOON,
                        Duration.ofSeconds(3),
                        12,
                        List.of(),
                        List.of(),
                        Optional.of("ticket 4711"))));

        String at = "\"at\":\"2027-01-04T12:00:00Z\"";
        String step = "\"number\":1,\"stage\":\"operating system\",\"node\":\"postgres-01\","
                + "\"title\":\"install 9 packages\",\"reason\":\"missing\"";
        assertThat(String.join("", out.flushed).lines())
                .containsExactly(
                        "{\"event\":\"RunStarted\"," + at + ",\"cluster\":\"main\",\"steps\":12}",
                        "{\"event\":\"StageStarted\"," + at
                                + ",\"stage\":\"etcd\",\"steps\":3,\"order\":\"one after the other\"}",
                        "{\"event\":\"StepStarted\"," + at + "," + step + "}",
                        "{\"event\":\"StepOutput\"," + at + "," + step + ",\"line\":\"Unpacking\"}",
                        "{\"event\":\"StepFinished\"," + at + "," + step + ",\"millis\":1234,\"done\":1}",
                        "{\"event\":\"StepFailed\"," + at + "," + step
                                + ",\"code\":\"a.code\",\"message\":\"It broke\",\"remedy\":\"Mend it.\"}",
                        "{\"event\":\"RunFinished\"," + at
                                + ",\"cluster\":\"main\",\"outcome\":\"DONE\",\"millis\":3000,\"done\":0,\"steps\":12,"
                                + "\"overridden\":\"ticket 4711\"}");
        assertThat(out.flushed.get(out.flushed.size() - 1)).endsWith("\n");
        assertThat(out.held.size()).isZero();
    }

    @Test
    void aStreamThatBreaksIsTold() {
        RunListener json = RunListener.jsonLines(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("disk full");
            }
        });
        assertThatThrownBy(() -> json.on(new RunEvent.RunStarted(NOON, "main", 12)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("disk full");
    }
}
