package io.pgha.patroni.internal.rest;

import java.util.Optional;

/**
 * What a member made of a command, before anybody has looked at what came of it. Immutable.
 *
 * @param kind whether there is an answer
 * @param status the HTTP status of an answer; 0 where there is none
 * @param text the answer's own text, without its surrounding blanks; empty where there is none or it is an HTML page
 * @param words the same for people
 * @param failure why the member did not get it, where it did not
 */
public record Told(Kind kind, int status, String text, String words, Optional<Failure> failure) {

    /** How far the command got. */
    enum Kind {
        /** Patroni answered. */
        ANSWERED,
        /** The member certainly did not get it. */
        NOT_SENT,
        /** There is no answer of Patroni: it may have been done or not. */
        LOST
    }

    public boolean answered(int code) {
        return kind == Kind.ANSWERED && status == code;
    }

    public boolean notSent() {
        return kind == Kind.NOT_SENT;
    }

    public boolean lost() {
        return kind == Kind.LOST;
    }

    /** Returns whether Patroni refused the request as such, so that nothing was done. */
    public boolean refused() {
        return kind == Kind.ANSWERED && ((status >= 300 && status < 500) || status == 501);
    }
}
