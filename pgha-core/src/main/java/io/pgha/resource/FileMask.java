package io.pgha.resource;

/**
 * Covers what a plan must not show of a file, so that it can show the rest of a difference. The file on the host may be
 * anybody's work: what is not known to be harmless is covered. Implementations are immutable, thread-safe and pure.
 */
public interface FileMask {

    /**
     * Returns a text without its secrets.
     *
     * @param text what a file holds, or what it shall hold
     * @param wanted what it shall hold: what stands there, secrets aside, may be shown
     * @param cover tells what to show in place of each secret
     * @return the text as a plan may show it
     */
    String masked(String text, String wanted, Cover cover);

    /** Tells what to show in place of a secret. */
    @FunctionalInterface
    interface Cover {
        /** What is shown where there is nothing to tell. */
        String PLAIN = "****";

        /**
         * Returns what to show.
         *
         * @param place where the secret stands: the same in both texts where it is the same one
         * @param secret the secret
         * @return what to show, nothing of the secret in it
         */
        String cover(String place, String secret);
    }
}
