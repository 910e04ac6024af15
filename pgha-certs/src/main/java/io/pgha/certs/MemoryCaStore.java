package io.pgha.certs;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps authorities in memory. */
final class MemoryCaStore implements CaStore {
    private final Map<String, KeptAuthority> authorities = new ConcurrentHashMap<>();

    @Override
    public Optional<KeptAuthority> read(String cluster) {
        return Optional.ofNullable(authorities.get(cluster));
    }

    @Override
    public KeptAuthority keep(String cluster, KeptAuthority first) {
        return Optional.ofNullable(authorities.putIfAbsent(cluster, first)).orElse(first);
    }

    @Override
    public void replace(String cluster, KeptAuthority before, KeptAuthority after) {
        if (!authorities.replace(cluster, before, after)) {
            throw PkiException.changed(cluster);
        }
    }

    @Override
    public String toString() {
        return "Certificate authorities in memory";
    }
}
