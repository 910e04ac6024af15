package io.pgha.run;

/**
 * How far a run is. Immutable.
 *
 * @param done steps that are done
 * @param total steps in all
 */
public record Progress(int done, int total) {

    @Override
    public String toString() {
        return done + " of " + total + " steps";
    }

    /**
     * Returns the part that is done.
     *
     * @return 0 to 1; 1 for a plan without steps
     */
    public double fraction() {
        return total == 0 ? 1 : (double) done / total;
    }
}
