package io.pgha.patroni.internal.rest;

import io.pgha.net.Deadline;
import io.pgha.patroni.PatroniException;
import io.pgha.patroni.internal.text.Text;
import java.util.Optional;

/** Sends commands that change something: once, to one member, and sorts what comes back. Stateless. */
public final class Commands {
    private Commands() {}

    /**
     * Sends a command and waits for what comes of it.
     *
     * @throws PatroniException {@code patroni.unauthorized}: every member has the same password, so no other one is
     *     asked
     */
    public static Told send(Rest rest, Channel channel, Request request, Deadline deadline)
            throws InterruptedException {
        rest.claim();
        Reply reply = rest.ask(channel, request, deadline);
        if (reply instanceof Reply.Answer answer) {
            if (answer.status() == 401 || answer.status() == 403) {
                throw Failure.of(answer).at(channel, request);
            }
            return told(answer);
        }
        Reply.NoAnswer none = (Reply.NoAnswer) reply;
        if (none.certainlyNotProcessed()) {
            channel.shun();
            Failure failure = Failure.of(none);
            return new Told(Told.Kind.NOT_SENT, 0, "", failure.text(), Optional.of(failure));
        }
        return new Told(
                Told.Kind.LOST,
                0,
                "",
                "Patroni's answer was lost: " + Failure.of(none).text(),
                Optional.empty());
    }

    private static Told told(Reply.Answer answer) {
        String words = "Patroni answered " + answer.status() + " " + answer.message();
        boolean page = answer.html();
        // A page with a success or a server's error in it comes from something in between, which may have passed the
        // request on.
        boolean between = page && (answer.status() < 300 || (answer.status() >= 500 && answer.status() != 501));
        return new Told(
                between ? Told.Kind.LOST : Told.Kind.ANSWERED,
                answer.status(),
                page ? "" : Text.excerpt(answer.text()),
                words,
                Optional.empty());
    }
}
