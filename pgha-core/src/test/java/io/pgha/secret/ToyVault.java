package io.pgha.secret;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * As little as a user's own store has to do, whom pgha calls with names and secrets that it has checked; obtaining
 * comes with it.
 */
public final class ToyVault implements SecretStore {
    private final SortedMap<String, Secret> secrets;
    private final String mount;

    /** Creates one that is empty. */
    public ToyVault() {
        this(new TreeMap<>(), "");
    }

    private ToyVault(SortedMap<String, Secret> secrets, String mount) {
        this.secrets = secrets;
        this.mount = mount;
    }

    @Override
    public List<String> names() {
        synchronized (secrets) {
            return secrets.keySet().stream()
                    .filter(path -> path.startsWith(mount) && path.indexOf('/', mount.length()) < 0)
                    .map(path -> path.substring(mount.length()))
                    .toList();
        }
    }

    @Override
    public Optional<Secret> read(String name) {
        synchronized (secrets) {
            return Optional.ofNullable(secrets.get(mount + name));
        }
    }

    @Override
    public void put(String name, Secret secret) {
        synchronized (secrets) {
            if (secrets.putIfAbsent(mount + name, secret) != null) {
                throw SecretConflictException.exists(name);
            }
        }
    }

    @Override
    public void replace(String name, Secret expected, Secret secret) {
        synchronized (secrets) {
            if (!secrets.replace(mount + name, expected, secret)) {
                throw SecretConflictException.changed(name);
            }
        }
    }

    @Override
    public SecretStore forCluster(String cluster) {
        return new ToyVault(secrets, mount + cluster + "/");
    }

    @Override
    public String toString() {
        return "Secrets in a toy";
    }
}
