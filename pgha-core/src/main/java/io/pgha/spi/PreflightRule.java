package io.pgha.spi;

import io.pgha.Problem;
import io.pgha.host.Probe;
import io.pgha.model.Node;
import java.util.Optional;
import java.util.function.Function;

/**
 * A condition that must hold on a node before anything is touched; asked in the same remote command as everything else.
 *
 * <p>Immutable and thread-safe.
 *
 * @param node where
 * @param probe what is asked; its id must be unique on the node
 * @param judge turns the answer into a problem, or empty where all is well; pure
 */
public record PreflightRule(Node node, Probe probe, Function<String, Optional<Problem>> judge) {}
