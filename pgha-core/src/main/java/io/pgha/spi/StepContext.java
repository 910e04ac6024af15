package io.pgha.spi;

import io.pgha.host.Command;
import io.pgha.host.CommandResult;
import io.pgha.host.HostFacts;
import io.pgha.host.Probe;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What a {@link RollingPolicy} may use while a plan runs. Thread-safe; every method that names a node does network I/O.
 */
public interface StepContext {

    /**
     * Returns the cluster that is being changed.
     *
     * @return the configuration
     */
    ClusterConfig config();

    /**
     * Returns what is known of a node's machine; no I/O.
     *
     * @param node the node
     * @return its facts
     */
    HostFacts facts(Node node);

    /**
     * Asks one probe.
     *
     * @param node where
     * @param probe what
     * @return the observation
     * @throws InterruptedException when the run is cancelled
     */
    String observe(Node node, Probe probe) throws InterruptedException;

    /**
     * Runs a command; a non-zero status is a result.
     *
     * @param node where
     * @param command what
     * @return how it ended
     * @throws InterruptedException when the run is cancelled
     */
    CommandResult run(Node node, Command command) throws InterruptedException;

    /**
     * Asks a probe again and again until its answer is good.
     *
     * @param node where
     * @param probe what
     * @param good the condition
     * @param limit how long at most
     * @param what what is waited for, for the message
     * @throws io.pgha.PgHaException with the last answer when the limit passes (code {@code run.wait-timeout})
     * @throws InterruptedException when the run is cancelled
     */
    default void await(Node node, Probe probe, Predicate<String> good, Duration limit, String what)
            throws InterruptedException {
        awaitNoObjection(
                node,
                probe,
                answer -> good.test(answer) ? Optional.empty() : Optional.of("the last answer was: " + answer),
                limit,
                what);
    }

    /**
     * Asks a probe again and again until nothing speaks against its answer.
     *
     * @param node where
     * @param probe what
     * @param objection what speaks against an answer, as a message may show it; empty where it is good
     * @param limit how long at most
     * @param what what is waited for, for the message
     * @throws io.pgha.PgHaException with the last objection when the limit passes (code {@code run.wait-timeout})
     * @throws InterruptedException when the run is cancelled
     */
    void awaitNoObjection(
            Node node, Probe probe, Function<String, Optional<String>> objection, Duration limit, String what)
            throws InterruptedException;
}
