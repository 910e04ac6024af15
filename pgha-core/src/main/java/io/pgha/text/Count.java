package io.pgha.text;

import io.pgha.Given;

/** Says how many there are of something. Stateless. */
public final class Count {
    private Count() {}

    /**
     * Returns a number with its noun.
     *
     * @param number how many there are
     * @param noun what there is, in the singular; its plural has an s more
     * @return for example {@code 1 change} or {@code 2 changes}
     */
    public static String of(int number, String noun) {
        return number + " " + Given.value(noun, "noun") + (number == 1 ? "" : "s");
    }
}
