package io.pgha.certs;

import io.pgha.secret.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Another operator's process: opens the authority when it is told to, and says which one it got. */
final class AuthorityProcess {
    private AuthorityProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
        CaStore store = new DirectoryCaStore(Path.of(arguments[0]), Secret.of("passphrase"), DirectoryCaStoreTest.FEW);
        // Loads all classes, so that the processes meet in the store.
        Certs.authority(CaStore.memory(), Requests.config()).issue(Requests.server(), Duration.ofDays(1));
        System.out.println("ready");
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (!Files.exists(Path.of(arguments[1]))) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("Nobody says go");
            }
            Thread.sleep(1);
        }
        System.out.println(Certs.authority(store, Requests.config()).fingerprint());
    }
}
