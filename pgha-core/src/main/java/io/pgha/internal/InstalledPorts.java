package io.pgha.internal;

import io.pgha.host.Transport;
import io.pgha.model.ClusterConfig;
import io.pgha.port.Offer;
import io.pgha.port.Ports;
import io.pgha.secret.SecretStore;
import io.pgha.spi.Component;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The ports of one cluster, out of what the components offer. Thread-safe.
 *
 * @param secrets narrowed to the cluster
 * @param offers one of a type: the first is the one that is opened
 */
public record InstalledPorts(ClusterConfig config, Transport transport, SecretStore secrets, List<Offer<?>> offers)
        implements Ports {

    public static InstalledPorts of(
            ClusterConfig config, Transport transport, SecretStore secrets, List<Component> components) {
        return new InstalledPorts(
                config,
                transport,
                secrets.forCluster(config.name()),
                components.stream()
                        .flatMap(component -> component.offers().stream())
                        .toList());
    }

    /** Returns the same ports with another one of this type. */
    public InstalledPorts with(Offer<?> offer) {
        Stream<Offer<?>> others = offers.stream().filter(each -> each.port() != offer.port());
        return new InstalledPorts(
                config,
                transport,
                secrets,
                Stream.concat(Stream.of(offer), others).toList());
    }

    @Override
    public <T> Optional<T> find(Class<T> port) {
        return offers.stream()
                .filter(offer -> offer.port() == port)
                .map(offer -> port.cast(offer.open().apply(this)))
                .findFirst();
    }
}
