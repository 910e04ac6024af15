package io.pgha.run;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgha.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Writes each event as one line of JSON: {@code event}, {@code at}, and what the event holds. */
final class JsonLinesListener implements RunListener {
    private final ObjectMapper json = new ObjectMapper().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    private final OutputStream out;

    JsonLinesListener(OutputStream out) {
        this.out = out;
    }

    @Override
    public void on(RunEvent event) {
        ObjectNode line = json.createObjectNode();
        line.put("event", event.getClass().getSimpleName()).put("at", event.at().toString());
        if (event instanceof RunEvent.RunStarted started) {
            line.put("cluster", started.cluster()).put("steps", started.steps());
        } else if (event instanceof RunEvent.WaitingForOpening waiting) {
            line.put("until", waiting.closure().opening().toInstant().toString())
                    .put("why", waiting.closure().toString());
        } else if (event instanceof RunEvent.StageStarted stage) {
            line.put("stage", stage.stage()).put("steps", stage.steps()).put("order", stage.order());
        } else if (event instanceof RunEvent.StepStarted started) {
            put(line, started.step());
        } else if (event instanceof RunEvent.StepOutput output) {
            put(line, output.step()).put("line", output.line());
        } else if (event instanceof RunEvent.StepFinished finished) {
            put(line, finished.step()).put("millis", finished.took().toMillis()).put("done", finished.done());
        } else if (event instanceof RunEvent.StepFailed failed) {
            put(put(line, failed.step()), failed.problem());
        } else if (event instanceof RunEvent.RunFinished finished) {
            RunReport report = finished.report();
            line.put("cluster", report.cluster())
                    .put("outcome", report.outcome().name())
                    .put("millis", report.took().toMillis())
                    .put("done", report.done().size())
                    .put("steps", report.steps());
            report.overridden().ifPresent(reason -> line.put("overridden", reason));
        }
        try {
            json.writeValue(out, line);
            out.write('\n');
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode put(ObjectNode line, StepRef step) {
        return line.put("number", step.number())
                .put("stage", step.stage())
                .put("node", step.node())
                .put("title", step.title())
                .put("reason", step.reason());
    }

    private static ObjectNode put(ObjectNode line, Problem problem) {
        return line.put("code", problem.code())
                .put("message", problem.message())
                .put("remedy", problem.remedy());
    }

    @Override
    public String toString() {
        return "JSON lines";
    }
}
