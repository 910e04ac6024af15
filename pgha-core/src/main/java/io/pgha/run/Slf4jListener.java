package io.pgha.run;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs a run. */
final class Slf4jListener implements RunListener {
    private static final Logger LOG = LoggerFactory.getLogger("io.pgha.run");

    @Override
    public void on(RunEvent event) {
        if (event instanceof RunEvent.RunStarted started) {
            LOG.info("{}: {} steps", started.cluster(), started.steps());
        } else if (event instanceof RunEvent.WaitingForOpening waiting) {
            LOG.info("Maintenance is {}; waiting", waiting.closure());
        } else if (event instanceof RunEvent.StageStarted stage) {
            LOG.info("{}: {} steps, {}", stage.stage(), stage.steps(), stage.order());
        } else if (event instanceof RunEvent.StepOutput output) {
            LOG.debug("{}: {}", output.step().node(), output.line());
        } else if (event instanceof RunEvent.StepFinished finished) {
            LOG.info(
                    "{}: {} ({} ms)",
                    finished.step().node(),
                    finished.step().title(),
                    finished.took().toMillis());
        } else if (event instanceof RunEvent.StepFailed failed) {
            LOG.error("{}: {} failed: {}", failed.step().node(), failed.step().title(), failed.problem());
        } else if (event instanceof RunEvent.RunFinished finished) {
            LOG.info("{}", finished.report());
        }
    }

    @Override
    public String toString() {
        return "Log io.pgha.run";
    }
}
