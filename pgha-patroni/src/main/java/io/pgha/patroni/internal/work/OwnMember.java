package io.pgha.patroni.internal.work;

import io.pgha.net.Deadline;
import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.protocol.StatusDocument;
import io.pgha.patroni.internal.rest.Channel;
import io.pgha.patroni.internal.rest.Commands;
import io.pgha.patroni.internal.rest.Failure;
import io.pgha.patroni.internal.rest.Reply;
import io.pgha.patroni.internal.rest.Request;
import io.pgha.patroni.internal.rest.Told;
import io.pgha.patroni.internal.text.BadAnswerException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The member on a step's own host, which {@link RestWork} names first, and the others beside it. Thread-safe.
 *
 * @param access to all of them
 */
record OwnMember(Access access) {
    private static final Duration LOOK = Duration.ofSeconds(5);

    /**
     * A change of the dynamic configuration that changes nothing: Patroni begins its next round as soon as it has
     * answered.
     */
    private static final Request WAKE = Request.patch("/config", "{\"pgha-wake\":null}");

    /** Returns what it says of itself; empty where it says nothing. */
    Optional<StatusDocument> status() throws InterruptedException {
        Reply reply = access.rest().ask(channel(), Request.get("/patroni"), Deadline.in(LOOK));
        try {
            return Optional.of(StatusDocument.read(Failure.bodyOf(reply)));
        } catch (Failure.FailedException | BadAnswerException notNow) {
            return Optional.empty();
        }
    }

    /** Has it compare, write and reload everything as soon as its round under way is over. */
    Told reload() throws InterruptedException {
        Told told = Commands.send(
                access.rest(),
                channel(),
                Request.post("/reload", "{}"),
                access.rest().oneRequest());
        wake(channel());
        return told;
    }

    void wakeOthers() throws InterruptedException {
        List<Channel> all = access.rest().members().named();
        for (Channel other : all.subList(1, all.size())) {
            wake(other);
        }
    }

    Channel channel() {
        return access.rest().members().named().get(0);
    }

    /** Whoever is not reached has not started either, or begins its next round without this. */
    private void wake(Channel member) throws InterruptedException {
        Commands.send(access.rest(), member, WAKE, Deadline.in(LOOK));
    }
}
