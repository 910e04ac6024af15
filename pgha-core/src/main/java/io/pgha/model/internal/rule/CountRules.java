package io.pgha.model.internal.rule;

/** Checks how many checks in a row decide. */
public final class CountRules {
    private static final int MOST = 100;

    private CountRules() {}

    public static void check(String path, int count, Problems problems) {
        if (count < 1 || count > MOST) {
            problems.add(
                    "check-count",
                    path + " is " + count + "; it must be 1 to " + MOST + " checks in a row",
                    "Set " + path + " to 2 or 3.");
        }
    }
}
