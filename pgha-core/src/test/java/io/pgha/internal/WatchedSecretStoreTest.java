package io.pgha.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgha.PgHaException;
import io.pgha.secret.Secret;
import io.pgha.secret.SecretConflictException;
import io.pgha.secret.SecretStore;
import io.pgha.secret.SecretStoreContract;
import io.pgha.secret.ToyVault;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A store of a user's own that checks nothing does all that a store must, the way pgha calls it, and pgha knows what is
 * in it.
 */
class WatchedSecretStoreTest extends SecretStoreContract {
    private static final String NAME = "postgres.superuser";
    private static final Secret FIRST = Secret.of("hunter-one");
    private static final Secret SECOND = Secret.of("hunter-two");

    private final ToyVault vault = new ToyVault();
    private final Redaction redaction = new Redaction();
    private final SecretStore store = redaction.watched(vault);

    @Override
    protected SecretStore open() {
        return store;
    }

    private String covered() {
        return redaction.covered("FATAL: neither hunter-one nor hunter-two");
    }

    @Test
    void whatNobodyHasSeenIsNotKnown() {
        vault.put(NAME, FIRST);

        assertThat(store.names()).containsExactly(NAME);
        assertThat(covered()).isEqualTo("FATAL: neither hunter-one nor hunter-two");
    }

    @Test
    void whatIsReadIsCovered() {
        vault.forCluster("demo").put(NAME, FIRST);

        assertThat(store.forCluster("demo").read(NAME)).contains(FIRST);
        assertThat(covered()).isEqualTo("FATAL: neither **** nor hunter-two");
    }

    @Test
    void whatIsPutIsCoveredWhetherOrNotItIsKept() {
        vault.put(NAME, FIRST);

        assertThatExceptionOfType(SecretConflictException.class).isThrownBy(() -> store.put(NAME, SECOND));
        assertThat(covered()).isEqualTo("FATAL: neither hunter-one nor ****");
    }

    @Test
    void whatIsReplacedIsCoveredBeforeAndAfter() {
        vault.put(NAME, FIRST);
        store.replace(NAME, FIRST, SECOND);

        assertThat(covered()).isEqualTo("FATAL: neither **** nor ****");
    }

    /** A server may have got it before the store failed. */
    @Test
    void whatIsMadeIsCoveredThoughAnotherWasFaster() {
        assertThat(store.obtain(NAME, () -> {
                    vault.put(NAME, SECOND);
                    return FIRST;
                }))
                .isEqualTo(SECOND);
        assertThat(covered()).isEqualTo("FATAL: neither **** nor ****");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "hunter-one\n", "hunter\0"})
    void whatAVaultHoldsIsCheckedToo(String text) {
        vault.put(NAME, Secret.of(text));

        assertThatExceptionOfType(PgHaException.class)
                .isThrownBy(() -> store.read(NAME))
                .withMessageContaining("The secret " + NAME)
                .satisfies(e -> assertThat(e.code()).isEqualTo("secrets.malformed"))
                .satisfies(e -> assertThat(e.toString()).doesNotContain("hunter"));
        assertThatExceptionOfType(PgHaException.class)
                .isThrownBy(() -> store.obtain(NAME, () -> FIRST))
                .satisfies(e -> assertThat(e.code()).isEqualTo("secrets.malformed"));
        assertThat(vault.names()).isEqualTo(List.of(NAME));
    }
}
