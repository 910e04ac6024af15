package io.pgha.secret;

import java.nio.file.Path;

/**
 * Another operator's process: says that it is ready, does what it is told when a line comes in, and says what came of
 * it.
 */
final class SecretProcess {
    private SecretProcess() {}

    /** Takes the store's directory, the secret's name and what to do with it. */
    public static void main(String[] arguments) throws Exception {
        SecretStore store = SecretStore.directory(Path.of(arguments[0])).forCluster("demo");
        String name = arguments[1];
        // Loads all classes, so that the processes meet in the store.
        store.obtain("of-process-" + ProcessHandle.current().pid(), () -> Secret.random(20));
        System.out.println("ready");
        if (System.in.read() < 0) {
            return;
        }
        switch (arguments[2]) {
            case "obtain" ->
                System.out.println(store.obtain(name, () -> Secret.random(20)).reveal());
            case "count" -> System.out.println(count(store, name, 100));
            default -> alternate(store, name);
        }
    }

    /** Adds one as often as it may, and returns how often that was. */
    static int count(SecretStore store, String name, int times) {
        int counted = 0;
        for (int i = 0; i < times; i++) {
            Secret read = store.read(name).orElseThrow();
            try {
                store.replace(name, read, Secret.of(String.valueOf(Integer.parseInt(read.reveal()) + 1)));
                counted++;
            } catch (SecretConflictException faster) {
                // Then somebody else has counted.
            }
        }
        return counted;
    }

    /** Replaces a short secret with a long one and that with the short one, until it is killed. */
    private static void alternate(SecretStore store, String name) {
        while (true) {
            store.replace(name, ProcessesTest.SHORT, ProcessesTest.LONG);
            System.out.println("long");
            store.replace(name, ProcessesTest.LONG, ProcessesTest.SHORT);
        }
    }
}
