package io.pgha.patroni.internal.component;

/**
 * Something that was asked for and is not in force.
 *
 * @param what what runs instead, and why
 * @param remedy what to do
 * @param taken whether Patroni has acted on what asks for it; where it has not, a change that is on its way may be all
 *     that is needed
 */
record Shortfall(String what, String remedy, boolean taken) {

    static Shortfall of(String what, String remedy) {
        return new Shortfall(what, remedy, true);
    }

    static Shortfall beforePatroni(String what) {
        return new Shortfall(
                what,
                "See what keeps Patroni there from acting on the dynamic configuration, which it reads in each of its rounds:"
                        + " journalctl -u patroni ; patronictl show-config .",
                false);
    }
}
