package io.pgha.testing;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Set;

/**
 * What a test needs of the machine. Without it the test is skipped and says why; where nothing may be skipped,
 * {@code -Dpgha.lab=required} or {@code full}, it fails. Stateless.
 */
public final class Requirement {
    private static final Set<String> NOTHING_IS_SKIPPED = Set.of("required", "full");

    private Requirement() {}

    /** Goes on only where what is needed is there. */
    public static void met(boolean there, String reason) {
        if (there) {
            return;
        }
        if (NOTHING_IS_SKIPPED.contains(System.getProperty("pgha.lab", "auto"))) {
            fail(reason);
        }
        System.out.println("SKIPPED: " + reason);
        assumeTrue(false, reason);
    }
}
