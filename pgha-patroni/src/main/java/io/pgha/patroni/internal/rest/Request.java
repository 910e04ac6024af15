package io.pgha.patroni.internal.rest;

import java.util.Optional;

/**
 * One request to Patroni's REST API. {@code HEAD} is not among the methods: after it the JDK's client breaks the next
 * command.
 */
public record Request(String method, String path, Optional<String> body) {

    public static Request get(String path) {
        return new Request("GET", path, Optional.empty());
    }

    public static Request post(String path, String json) {
        return new Request("POST", path, Optional.of(json));
    }

    public static Request patch(String path, String json) {
        return new Request("PATCH", path, Optional.of(json));
    }

    public static Request delete(String path) {
        return new Request("DELETE", path, Optional.empty());
    }

    /** Returns whether this changes something; only then Patroni asks for credentials, and only then they are sent. */
    boolean command() {
        return !method.equals("GET");
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
