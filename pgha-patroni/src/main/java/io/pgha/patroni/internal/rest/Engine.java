package io.pgha.patroni.internal.rest;

import java.util.Optional;

/**
 * The threads that a client works with, its own or those of a fleet.
 *
 * @param threads the threads
 * @param http the HTTP client of a fleet
 * @param release ends the threads, where they are the client's own
 */
public record Engine(Threads threads, Optional<SharedHttp> http, Runnable release) {
    public static Engine own() {
        Threads threads = new Threads();
        return new Engine(threads, Optional.empty(), threads::close);
    }

    public static Engine of(Threads threads, SharedHttp http) {
        return new Engine(threads, Optional.of(http), () -> {});
    }
}
