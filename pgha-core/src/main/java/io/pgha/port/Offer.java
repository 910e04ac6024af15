package io.pgha.port;

import io.pgha.Given;
import java.util.function.Function;

/**
 * What a component offers the others: certificates, the DCS, a lock, or a port of its author's own. Immutable and
 * thread-safe.
 *
 * <pre>{@code
 * public List<Offer<?>> offers() {
 *     return List.of(new Offer<>(Pki.class, ports -> VaultPki.of(address, ports.config().name())));
 * }
 * }</pre>
 *
 * @param <T> the port's type
 * @param port the type by which others look it up
 * @param open opens it for one cluster; may do file I/O, and no network I/O
 */
public record Offer<T>(Class<T> port, Function<Ports, T> open) {

    /**
     * Creates the offer.
     *
     * @param port the type by which others look it up
     * @param open opens it for one cluster; may do file I/O, and no network I/O
     */
    public Offer {
        Given.value(port, "port");
        Given.value(open, "open");
    }
}
