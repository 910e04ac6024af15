package io.pgha.secret;

import io.pgha.Given;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Keeps secrets in memory. */
final class MemorySecretStore implements SecretStore {
    private final Map<String, Secret> secrets;
    private final String prefix;

    MemorySecretStore() {
        this(new ConcurrentHashMap<>(), "");
    }

    private MemorySecretStore(Map<String, Secret> secrets, String prefix) {
        this.secrets = secrets;
        this.prefix = prefix;
    }

    @Override
    public Secret obtain(String name, Supplier<Secret> otherwise) {
        Given.value(name, "name");
        Given.value(otherwise, "otherwise");
        return secrets.computeIfAbsent(prefix + name, key -> SecretText.checked(otherwise.get(), "The secret " + name));
    }

    @Override
    public SecretStore forCluster(String cluster) {
        Given.value(cluster, "cluster");
        return new MemorySecretStore(secrets, prefix + cluster + "/");
    }

    @Override
    public String toString() {
        return "Secrets in memory";
    }
}
