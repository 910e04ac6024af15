package io.pgha.spi;

import io.pgha.host.Probe;
import io.pgha.model.Node;
import java.util.Map;
import java.util.function.Function;

/**
 * How a component's files on a host tell which configuration made them. A host that an earlier pgha deployed has no
 * record: what serves there is read from these files, so that a change that would break it is refused all the same.
 *
 * <p>Immutable and thread-safe.
 *
 * @param node where
 * @param probe a script that shows the facts and never a secret; its id must be unique on the node, and its answer is
 *     empty on a bare machine. Asked only on a host that is a cluster's and has no record of a deploy that ended
 * @param facts turns the answer into the part of a configuration that it tells, in the shape that
 *     {@link io.pgha.model.ConfigCodec} writes; pure
 */
public record Trace(Node node, Probe probe, Function<String, Map<String, Object>> facts) {

    /**
     * Takes a script, which the host leaves out where it has a record.
     *
     * @param node where
     * @param probe shows the facts
     * @param facts turns the answer into the part of a configuration that it tells
     * @throws IllegalArgumentException when the probe has no script
     */
    public Trace {
        if (probe.reading().isPresent()) {
            throw new IllegalArgumentException("A trace is told by a script, " + probe.id() + " has none");
        }
    }
}
