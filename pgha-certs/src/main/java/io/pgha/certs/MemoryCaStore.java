package io.pgha.certs;

import io.pgha.spi.CertificateBundle;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps authorities in memory. */
final class MemoryCaStore implements CaStore {
    private final Map<String, CertificateBundle> authorities = new ConcurrentHashMap<>();

    @Override
    public Optional<CertificateBundle> read(String cluster) {
        return Optional.ofNullable(authorities.get(cluster));
    }

    @Override
    public CertificateBundle keep(String cluster, CertificateBundle authority) {
        return Optional.ofNullable(authorities.putIfAbsent(cluster, authority)).orElse(authority);
    }
}
