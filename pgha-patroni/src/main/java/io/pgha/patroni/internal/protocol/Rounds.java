package io.pgha.patroni.internal.protocol;

import io.pgha.net.Deadline;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * Sees by what a member says of itself that its Patroni has begun another round: each begins with a look at the DCS,
 * whose time, in whole seconds, is told. Whoever asks the member for its cluster has it look there, too, so that this
 * proves a round only beside something else. Confined to one thread.
 */
public final class Rounds {
    /** Patroni before 3.3 asks PostgreSQL a second after it has written the file. */
    private static final Duration COMPARING = Duration.ofSeconds(2);

    private final int enough;
    private final Deadline soonest;
    private OptionalLong lastSeen = OptionalLong.empty();
    private int begun;

    private Rounds(int enough, Duration soonest) {
        this.enough = enough;
        this.soonest = Deadline.in(soonest);
    }

    /** Returns how long to wait for what Patroni does in a round or two, with what they wait for themselves. */
    public static Duration patience(Duration loopWait) {
        return loopWait.multipliedBy(3).plusSeconds(30);
    }

    /**
     * Returns what sees that a reload is over that was asked for just now: it begins with the round after the one under
     * way, at the latest, and the next but one shows that it is over. That takes {@code loop_wait} at least.
     */
    public static Rounds ofReload(Duration loopWait) {
        return new Rounds(2, loopWait.plus(COMPARING));
    }

    /** Returns what sees that a reload is over that has reached PostgreSQL: a round follows it. */
    public static Rounds ofReloadThatReachedPostgres() {
        return new Rounds(1, Duration.ZERO);
    }

    /** Takes a look, and returns whether that is so. */
    public boolean over(StatusDocument status) {
        OptionalLong seen = status.dcsLastSeen();
        if (lastSeen.isPresent() && seen.isPresent() && seen.getAsLong() > lastSeen.getAsLong()) {
            begun++;
        }
        lastSeen = seen.isPresent() ? seen : lastSeen;
        return begun >= enough && soonest.passed();
    }
}
