package io.pgha.model;

import io.pgha.Problem;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong, so that all of it is reported at once. Confined to one thread. */
final class Problems {
    private final List<Problem> found = new ArrayList<>();

    void add(String code, String message, String remedy) {
        found.add(Problem.of("config." + code, message, remedy));
    }

    void on(String node, String code, String message, String remedy) {
        found.add(Problem.on(node, "config." + code, message, remedy));
    }

    int count() {
        return found.size();
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new InvalidConfigException(found);
        }
    }
}
