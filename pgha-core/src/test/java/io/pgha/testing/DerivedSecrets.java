package io.pgha.testing;

import io.pgha.secret.Secret;
import io.pgha.secret.SecretConflictException;
import io.pgha.secret.SecretStore;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A store that has a secret of every name, which follows from it, for every cluster: nothing is made, put or replaced.
 */
public record DerivedSecrets(UnaryOperator<String> secretOfName) implements SecretStore {
    /** Nobody can list what there is for every name. */
    @Override
    public List<String> names() {
        throw new UnsupportedOperationException("There is a secret of every name");
    }

    @Override
    public Optional<Secret> read(String name) {
        return Optional.of(Secret.of(secretOfName.apply(name)));
    }

    @Override
    public Secret obtain(String name, Supplier<Secret> otherwise) {
        return Secret.of(secretOfName.apply(name));
    }

    @Override
    public void put(String name, Secret secret) {
        throw SecretConflictException.exists(name);
    }

    @Override
    public void replace(String name, Secret expected, Secret secret) {
        throw SecretConflictException.changed(name);
    }

    @Override
    public SecretStore forCluster(String cluster) {
        return this;
    }

    @Override
    public String toString() {
        return "Secrets that follow from their names";
    }
}
