package io.pgha.patroni.internal.rest;

import io.pgha.patroni.internal.text.Text;

/** What came of one request to one member. */
public sealed interface Reply {

    /** A complete answer. */
    record Answer(int status, String contentType, String text) implements Reply {
        boolean html() {
            String start = text.stripLeading();
            return start.startsWith("<") || contentType.startsWith("text/html;charset");
        }

        /** Returns Patroni's own words, or a description of the body where it has none that can be shown. */
        public String message() {
            if (html()) {
                return "an HTML error page";
            }
            String excerpt = Text.excerpt(text);
            return excerpt.isEmpty() ? "an empty body" : "\"" + excerpt + "\"";
        }
    }

    /** No complete answer. */
    record NoAnswer(Kind kind, String detail, Throwable cause) implements Reply {

        /** Returns whether the member certainly did not act on the request. */
        public boolean certainlyNotProcessed() {
            return kind == Kind.NOT_CONNECTED || kind == Kind.TLS;
        }
    }

    /** How a request can fail. */
    enum Kind {
        /** No connection came about: nothing was sent. */
        NOT_CONNECTED,
        /** The two sides could not agree on TLS: nothing was processed. */
        TLS,
        /** The member closed the connection without a byte, as Patroni does when it cannot reach etcd. */
        CLOSED_WITHOUT_ANSWER,
        /** The connection broke before the answer was complete. */
        BROKEN,
        /** The answer was not complete in time. */
        TIMED_OUT,
        /** The answer was larger than any of Patroni's can be. */
        TOO_LARGE,
        /** The caller lost interest, or closed the client. */
        CANCELLED
    }
}
