package io.pgha.patroni;

import io.pgha.Problem;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Asks members: one, all, or whichever answers first. Thread-safe; blocks the calling thread until a deadline at most. */
final class Rest implements AutoCloseable {
    private final PatroniClientOptions options;
    private final Members members;
    private final Set<Call> running = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closing = new CountDownLatch(1);

    Rest(PatroniClientOptions options, Members members) {
        this.options = options;
        this.members = members;
    }

    /** Turns the body of a 200 into a value. */
    interface Reader<T> {
        T read(String body) throws BadAnswerException;
    }

    /** A value and the member it came from. */
    record Served<T>(Channel channel, T value) {}

    private record Finished(Call call, Reply reply) {}

    /** Returns a deadline for one read. */
    Deadline oneRequest() {
        return Deadline.in(options.requestTimeout());
    }

    Members members() {
        return members;
    }

    /** Starts a request to one member. */
    Call start(Channel channel, Request request) {
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
    Reply ask(Channel channel, Request request, Deadline deadline) throws InterruptedException {
        Reply reply = start(channel, request).await(deadline);
        checkOpen();
        return reply;
    }

    /**
     * Returns the first usable answer of any member. One that is slow is given {@link PatroniClientOptions#stagger()}
     * before the next is asked as well; one that fails is followed by the next at once. Takes no longer than a request may, nor
     * than the given deadline.
     */
    <T> Served<T> first(String path, Reader<T> reader, Deadline limit) throws InterruptedException {
        Deadline deadline = limit.atMost(options.requestTimeout());
        Deque<Channel> waiting = new ArrayDeque<>(members.byHope());
        BlockingQueue<Finished> finished = new LinkedBlockingQueue<>();
        List<Call> asked = new ArrayList<>();
        Map<Channel, Failure> failures = new LinkedHashMap<>();
        Deadline next = Deadline.in(Duration.ZERO);
        try {
            while (true) {
                if (!waiting.isEmpty() && (asked.isEmpty() || next.passed())) {
                    Call call = start(waiting.remove(), Request.get(path));
                    asked.add(call);
                    call.whenDone(reply -> finished.add(new Finished(call, reply)));
                    next = Deadline.in(options.stagger());
                }
                Finished one = finished.poll(patience(waiting, next, deadline), TimeUnit.NANOSECONDS);
                if (one != null) {
                    Channel channel = one.call().channel();
                    asked.remove(one.call());
                    try {
                        T value = reader.read(Failure.bodyOf(one.reply()));
                        channel.trustAgain();
                        members.prefer(channel);
                        return new Served<>(channel, value);
                    } catch (Failure.FailedException e) {
                        failures.put(channel, e.failure());
                    } catch (BadAnswerException e) {
                        failures.put(channel, Failure.badAnswer(e.getMessage()));
                    }
                    channel.shun();
                    next = Deadline.in(Duration.ZERO);
                } else if (deadline.passed()) {
                    asked.forEach(call -> {
                        call.channel().shun();
                        failures.put(call.channel(), Failure.tooLate(deadline.length()));
                    });
                    waiting.clear();
                }
                checkOpen();
                if (waiting.isEmpty() && (asked.isEmpty() || deadline.passed())) {
                    throw Failure.ofAll(Request.get(path), failures);
                }
            }
        } finally {
            asked.forEach(call -> call.cancel(Reply.Kind.CANCELLED, "no longer needed"));
        }
    }

    /** Waits a moment before the next look; ends at once when the client is closed. */
    void pause(Duration time) throws InterruptedException {
        closing.await(time.toNanos(), TimeUnit.NANOSECONDS);
        checkOpen();
    }

    boolean closed() {
        return closing.getCount() == 0;
    }

    void checkOpen() {
        if (closed()) {
            throw closedException();
        }
    }

    static PatroniException closedException() {
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

    private static long patience(Deque<Channel> waiting, Deadline next, Deadline deadline) {
        long untilEnd = deadline.remaining().toNanos();
        return waiting.isEmpty()
                ? untilEnd
                : Math.min(untilEnd, next.remaining().toNanos());
    }
}
