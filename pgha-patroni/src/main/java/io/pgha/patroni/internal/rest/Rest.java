package io.pgha.patroni.internal.rest;

import io.pgha.Problem;
import io.pgha.net.Deadline;
import io.pgha.patroni.PatroniClientOptions;
import io.pgha.patroni.PatroniException;
import io.pgha.patroni.internal.text.BadAnswerException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Asks members: one, all, or whichever answers first. Thread-safe; blocks the calling thread until a deadline at most.
 */
public final class Rest implements AutoCloseable {
    private final PatroniClientOptions options;
    private final Members members;
    private final Claim claim;
    private final Set<Call> running = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closing = new CountDownLatch(1);

    public Rest(PatroniClientOptions options, Members members) {
        this(options, members, () -> {});
    }

    public Rest(PatroniClientOptions options, Members members, Claim claim) {
        this.options = options;
        this.members = members;
        this.claim = claim;
    }

    /** Makes sure, before each request that changes something, that it may be sent; throws where it may not. */
    public interface Claim {
        void make() throws InterruptedException;
    }

    /** Turns the body of a 200 into a value. */
    public interface Reader<T> {
        T read(String body) throws BadAnswerException;
    }

    /** A value and the member it came from. */
    public record Served<T>(Channel channel, T value) {}

    /** Returns a deadline for one read. */
    public Deadline oneRequest() {
        return Deadline.in(options.requestTimeout());
    }

    public Members members() {
        return members;
    }

    void claim() throws InterruptedException {
        claim.make();
    }

    /** Starts a request to one member. */
    public Call start(Channel channel, Request request) {
        checkOpen();
        Call call = channel.start(request);
        running.add(call);
        call.whenDone(reply -> running.remove(call));
        if (closed()) {
            call.cancel(Reply.Kind.CANCELLED, "the client was closed");
        }
        return call;
    }

    /** Asks one member and waits for its reply. */
    public Reply ask(Channel channel, Request request, Deadline deadline) throws InterruptedException {
        Reply reply = start(channel, request).await(deadline);
        checkOpen();
        return reply;
    }

    /**
     * Asks one member on the calling thread, and returns with its reply. For a request that may be given up at the
     * deadline.
     */
    Call askHere(Channel channel, Request request, Deadline deadline) throws InterruptedException {
        checkOpen();
        Call call = new Call(channel);
        running.add(call);
        try {
            channel.ask(request, call, deadline);
        } finally {
            running.remove(call);
        }
        checkOpen();
        return call;
    }

    /**
     * Returns the first usable answer of any member. One that is slow is given {@link PatroniClientOptions#stagger()}
     * before the next is asked as well; one that fails is followed by the next at once. Takes no longer than a request
     * may, nor than the given deadline.
     */
    public <T> Served<T> first(String path, Reader<T> reader, Deadline limit) throws InterruptedException {
        checkOpen();
        return new FirstAnswer<>(this, path, reader, options.stagger(), limit.atMost(options.requestTimeout())).get();
    }

    /** Waits a moment before the next look; ends at once when the client is closed. */
    public void pause(Duration time) throws InterruptedException {
        closing.await(time.toNanos(), TimeUnit.NANOSECONDS);
        checkOpen();
    }

    public boolean closed() {
        return closing.getCount() == 0;
    }

    public void checkOpen() {
        if (closed()) {
            throw closedException();
        }
    }

    public static PatroniException closedException() {
        return new PatroniException(
                Problem.of(
                        PatroniException.CLOSED, "The Patroni client was closed", "Open another one for more calls."),
                null);
    }

    @Override
    public void close() {
        closing.countDown();
        running.forEach(call -> call.cancel(Reply.Kind.CANCELLED, "the client was closed"));
    }
}
