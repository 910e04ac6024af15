package io.pgha.patroni.internal.rest;

import io.pgha.net.Deadline;
import io.pgha.text.DurationText;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request on its way. Its reply always comes: an answer, or the reason why there is none. Thread-safe. */
public final class Call {
    private final long startedNanos = System.nanoTime();
    private final Channel channel;
    private final CompletableFuture<Reply> reply = new CompletableFuture<>();
    private final CappedBody body = new CappedBody();
    private volatile @Nullable CompletableFuture<?> exchange;

    Call(Channel channel) {
        this.channel = channel;
    }

    Channel channel() {
        return channel;
    }

    CappedBody body() {
        return body;
    }

    /** Returns how long ago the request was begun. */
    Duration age() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    boolean done() {
        return reply.isDone();
    }

    void complete(Reply result) {
        reply.complete(result);
    }

    /** Hands over the exchange that would produce the reply, so that it can be given up. */
    void sent(CompletableFuture<?> running) {
        exchange = running;
        if (reply.isDone()) {
            abandon();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a reply always comes, and listeners only take note
    void whenDone(Consumer<Reply> listener) {
        CompletableFuture<?> unused = reply.thenAccept(listener);
    }

    /** Returns the reply, which must be there already. */
    Reply reply() {
        return reply.join();
    }

    /** Waits for the reply until the deadline; then, or when interrupted, the connection is closed. */
    public Reply await(Deadline deadline) throws InterruptedException {
        try {
            return reply.get(Math.max(1, deadline.remaining().toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            cancel(Reply.Kind.TIMED_OUT, "no complete answer within " + DurationText.of(deadline.limit()));
            return reply.join();
        } catch (InterruptedException e) {
            cancel(Reply.Kind.CANCELLED, "interrupted");
            throw e;
        } catch (ExecutionException e) {
            throw new IllegalStateException("A call completes with a reply", e);
        }
    }

    /** Gives up and closes the connection; does nothing when the reply is there already. */
    public void cancel(Reply.Kind kind, String detail) {
        if (reply.complete(new Reply.NoAnswer(kind, detail, new TimeoutException(detail)))) {
            abandon();
        }
    }

    private void abandon() {
        CompletableFuture<?> running = exchange;
        if (running != null) {
            running.cancel(true);
        }
        body.cancel();
    }
}
