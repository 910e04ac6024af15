package io.pgha.secret;

import io.pgha.Given;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Keeps secrets in memory. */
final class MemorySecretStore implements SecretStore {
    private static final String SEPARATOR = "/";

    private final ConcurrentMap<String, Secret> secrets;
    private final String prefix;

    MemorySecretStore() {
        this(new ConcurrentSkipListMap<>(), "");
    }

    private MemorySecretStore(ConcurrentMap<String, Secret> secrets, String prefix) {
        this.secrets = secrets;
        this.prefix = prefix;
    }

    @Override
    public List<String> names() {
        return secrets.keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .map(key -> key.substring(prefix.length()))
                .filter(name -> !name.contains(SEPARATOR))
                .toList();
    }

    @Override
    public Optional<Secret> read(String name) {
        return Optional.ofNullable(secrets.get(key(name)));
    }

    @Override
    public void put(String name, Secret secret) {
        if (secrets.putIfAbsent(key(name), checked(name, secret)) != null) {
            throw SecretConflictException.exists(name);
        }
    }

    @Override
    public void replace(String name, Secret expected, Secret secret) {
        Given.value(expected, "expected");
        if (!secrets.replace(key(name), expected, checked(name, secret))) {
            throw SecretConflictException.changed(name);
        }
    }

    @Override
    public SecretStore forCluster(String cluster) {
        return new MemorySecretStore(secrets, prefix + SecretNames.cluster(cluster) + SEPARATOR);
    }

    private String key(String name) {
        return prefix + SecretNames.checked(name);
    }

    private static Secret checked(String name, Secret secret) {
        return SecretText.checked(secret, "The secret " + name);
    }

    @Override
    public String toString() {
        return "Secrets in memory";
    }
}
