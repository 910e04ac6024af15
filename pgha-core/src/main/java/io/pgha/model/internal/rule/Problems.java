package io.pgha.model.internal.rule;

import io.pgha.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Collects what is wrong, so that all of it is reported at once. Confined to one thread. */
public final class Problems {
    private final List<Problem> found = new ArrayList<>();

    /** Returns what a check finds wrong. */
    public static List<Problem> of(Consumer<Problems> check) {
        Problems problems = new Problems();
        check.accept(problems);
        return problems.all();
    }

    public void add(String code, String message, String remedy) {
        found.add(Problem.of("config." + code, message, remedy));
    }

    public void on(String node, String code, String message, String remedy) {
        found.add(Problem.on(node, "config." + code, message, remedy));
    }

    public int count() {
        return found.size();
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    public void addAll(List<Problem> others) {
        found.addAll(others);
    }

    public List<Problem> all() {
        return List.copyOf(found);
    }
}
